#!/usr/bin/env node
import './node/polyfill.ts'
import { simulateCommand } from './terminal/simulate-command.ts'

await simulateCommand().parseAsync()
