#!/usr/bin/env node
import './node/polyfill.ts'
import { seedCommand } from './terminal/commands.ts'

await seedCommand().parseAsync()
