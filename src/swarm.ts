#!/usr/bin/env node
import './node/polyfill.ts'
import { swarmCommand } from './terminal/commands.ts'

await swarmCommand().parseAsync()
