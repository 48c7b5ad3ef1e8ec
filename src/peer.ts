#!/usr/bin/env node
import './node/polyfill.ts'
import { peerCommand } from './terminal/commands.ts'

await peerCommand().parseAsync()
