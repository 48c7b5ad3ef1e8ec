#!/usr/bin/env node
import './node/polyfill.ts'
import { hubcast } from './terminal/hubcast.ts'

await hubcast().parseAsync()
