import { expect, test } from 'vitest'
import { blocksOf, commandsOf, Told } from './support/readme.ts'

test('a README is read to the end: lines of shell, blocks of code, commands in the text', () => {
  const sh = '```sh\nnode a.js   # not `npm b`\n# nothing\n```\n'
  const text = `Run \`npm run\nx\` or \`src/a.ts\`:\n${sh}\`\`\`js\nf()\n\`\`\`\n\`\`\`\nnode c.js\n\`\`\`\n`
  expect(commandsOf(text)).toEqual(['node a.js', 'npm run x'])
  expect(blocksOf(text)).toEqual(['f()\n'])
  const some = new Told(text)
  some.attempt('npm run x')
  some.attempt('f()\n')
  expect(() => some.attempt('npm run x')).toThrow('a test runs npm run x: another test runs it already')
  expect(() => some.attempt('kill 1')).toThrow('a test runs kill 1: README.md does not say it')
  expect(some.untried).toEqual(['README.md says node a.js, which no test runs'])
})
