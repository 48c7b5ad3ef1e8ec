#!/usr/bin/env node
import './node/polyfill.ts'
import { simulateCommand } from './terminal/commands.ts'

await simulateCommand().parseAsync()
