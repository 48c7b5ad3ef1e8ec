import { Argument } from 'commander'
import { command, examples } from './arguments.ts'
import type { Command, Option } from 'commander'

/** A command with what may follow it: `''` for the program itself, `simulate overlay` for one that is two levels deep. */
interface Place {
  readonly path: string
  readonly commands: readonly Command[]
  readonly options: readonly Option[]
  readonly choices: readonly string[]
}

/** @param program what is completed, asked for when it is whole */
export function completionCommand(program: () => Command): Command {
  return command('completion', 'Prints a script by which a shell completes commands and flags.')
    .addArgument(new Argument('<shell>', 'which one').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      `${examples('completion bash')}\n\nTo have it in each new shell:\n  ${[
        `echo 'source <(hubcast completion bash)' >> ~/.bashrc`,
        `echo 'source <(hubcast completion zsh)' >> ~/.zshrc`,
        'hubcast completion fish > ~/.config/fish/completions/hubcast.fish'
      ].join('\n  ')}`
    )
    .action((shell: string) => console.log(shell === 'fish' ? fish(program()) : bash(program(), shell === 'zsh')))
}

function placesOf(program: Command, path = ''): Place[] {
  const { commands, options, registeredArguments } = program
  const choices = registeredArguments.flatMap(({ argChoices = [] }) => argChoices)
  const below = commands.flatMap(each => placesOf(each, `${path} ${each.name()}`.trim()))
  return [{ path, commands, options, choices }, ...below]
}

/** For bash, and by its emulation for zsh too. Where no word fits, as behind a flag that takes any value, files are offered. */
function bash(program: Command, zsh: boolean): string {
  const places = placesOf(program)
  const name = program.name()
  const any = (patterns: readonly string[]): string => patterns.map(pattern => `'${pattern}'`).join('|')
  const values = places.flatMap(({ path, options }) =>
    options.filter(takesValue).map(({ short, long, argChoices = [] }) => {
      const flags = [short, long].filter(flag => flag !== undefined)
      return `    ${any(flags.map(flag => `${path} ${flag}`))}) words='${argChoices.join(' ')}' ;;`
    })
  )
  const words = places.map(({ path, commands, choices, options }) => {
    const flags = options.flatMap(({ long }) => long ?? [])
    const all = [...commands.map(each => each.name()), ...choices, ...flags, '--help']
    return `        '${path}') words='${all.join(' ')}' ;;`
  })
  const below = places.slice(1).map(({ path }) => (path.includes(' ') ? path : ` ${path}`))
  return `${zsh ? 'autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n' : ''}_${name}() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[$((COMP_CWORD-1))]} place='' word words=''
  for word in "\${COMP_WORDS[@]:1:$((COMP_CWORD-1))}"; do
    case "$place $word" in
      ${any(below)}) place=\${place:+$place }$word ;;
    esac
  done
  case "$place $previous" in
${values.join('\n')}
    *)
      case "$place" in
${words.join('\n')}
      esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _${name} ${name}`
}

function fish(program: Command): string {
  const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, '\\$&')}'`
  const name = program.name()
  const lines = placesOf(program).flatMap(({ path, commands, options, choices }) => {
    const words = path === '' ? [] : path.split(' ')
    const others = commands.map(each => each.name()).join(' ')
    const seen = words.map(word => `__fish_seen_subcommand_from ${word}`)
    const condition = [...seen, ...(others === '' ? [] : [`not __fish_seen_subcommand_from ${others}`])].join('; and ')
    const head = `complete -c ${name} -n ${quoted(condition)}`
    return [
      ...commands.map(each => `${head} -f -a ${each.name()} -d ${quoted(each.description())}`),
      ...choices.map(choice => `${head} -f -a ${choice}`),
      ...options.map(option =>
        [
          `${head} -l ${option.long?.slice(2) ?? ''} -d ${quoted(option.description)}`,
          ...(takesValue(option) ? ['-r'] : []),
          ...(option.argChoices === undefined ? [] : [`-f -a ${quoted(option.argChoices.join(' '))}`])
        ].join(' ')
      )
    ]
  })
  return lines.join('\n')
}

function takesValue(option: Option): boolean {
  return option.required || option.optional
}
