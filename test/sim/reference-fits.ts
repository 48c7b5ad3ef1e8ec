import type { DegreeRange } from '#src/sim/degree-histogram.ts'

/**
 * What other programs say about the same degrees. Draws: numpy 2.4.6, rng = np.random.default_rng(2009), one data set after another.
 *
 * `scipy` was found with scipy 1.17.1: minimize_scalar (bounded, xatol 1e-12) for one parameter, minimize (Nelder-Mead from 28
 * starting points, xatol and fatol 1e-10) for the two of the lognormal, whose cells are differences of scipy.special.log_ndtr. All
 * laws are normalised on the range. `package` is powerlaw 2.0.0 (PyPI): Fit(data, xmin, xmax, discrete=True), its alpha and its
 * distribution_compare('power_law', ..., normalized_ratio=True), which stops its searches earlier.
 */
export interface ReferenceFit {
  readonly name: string
  readonly range: DegreeRange
  /** Peers of the range, and others. */
  readonly peers: number
  readonly peersOutside: number
  readonly scipy: {
    readonly alpha: number
    readonly ks: number
    readonly geometric: { readonly rate: number; readonly z: number }
    readonly poisson: { readonly mean: number; readonly z: number }
    readonly lognormal: { readonly meanLog: number; readonly sdLog: number; readonly z: number }
  }
  readonly package: { readonly alpha: number; readonly exponential: number; readonly lognormal: number }
  readonly histogram: ReadonlyMap<number, number>
}

/** From degree:peers, degree:peers and so on. */
function parse(text: string): ReadonlyMap<number, number> {
  return new Map(
    text
      .trim()
      .split(/\s+/)
      .map(entry => entry.split(':').map(Number) as [number, number])
  )
}

export const referenceFits: readonly ReferenceFit[] = [
  {
    // 20,000 draws: rng.zipf(2.5)
    name: 'zeta',
    range: { from: 4, to: 256 },
    peers: 1520,
    peersOutside: 18480,
    scipy: {
      alpha: 2.488875,
      ks: 0.010172,
      geometric: { rate: 0.176752, z: 6.1101 },
      poisson: { mean: 9.03741, z: 5.7644 },
      lognormal: { meanLog: -11.41062, sdLog: 3.0646, z: -0.6828 }
    },
    package: { alpha: 2.488851, exponential: 6.1107, lognormal: -0.6829 },
    histogram: parse(`
      1:14823 2:2668 3:985 4:462 5:273 6:163 7:135 8:86 9:54 10:50 11:32 12:28 13:25 14:20 15:17 16:9 17:14 18:18 19:17
      20:8 21:11 22:7 23:4 24:6 25:6 26:5 27:4 28:5 29:3 30:3 31:3 32:3 33:2 34:2 35:4 36:2 37:2 38:4 39:1 40:2 41:1
      42:1 43:2 44:1 45:1 46:2 47:1 48:1 49:2 50:2 56:1 64:1 65:1 66:1 69:2 71:1 73:1 76:1 79:1 100:1 101:1 122:1 133:1
      149:1 253:1 293:1 555:1 588:1 684:1
    `)
  },
  {
    // 2000 draws: rng.choice on 4..82 with weights k ** -2.1
    name: 'truncated',
    range: { from: 4, to: 82 },
    peers: 2000,
    peersOutside: 0,
    scipy: {
      alpha: 2.078726,
      ks: 0.015858,
      geometric: { rate: 0.134732, z: 9.5037 },
      poisson: { mean: 10.88749, z: 13.8594 },
      lognormal: { meanLog: -8.25916, sdLog: 3.16448, z: -0.4885 }
    },
    package: { alpha: 2.078748, exponential: 9.5046, lognormal: -0.4885 },
    histogram: parse(`
      4:455 5:326 6:217 7:151 8:114 9:87 10:86 11:60 12:49 13:46 14:45 15:24 16:35 17:23 18:15 19:23 20:20 21:13 22:9
      23:16 24:13 25:8 26:11 27:7 28:10 29:10 30:8 31:5 32:8 33:3 34:7 35:5 36:2 37:1 38:6 40:2 41:3 43:5 44:4 45:8 46:2
      47:3 48:2 49:5 50:1 51:2 52:2 54:1 55:2 56:1 57:2 58:2 59:2 60:2 61:1 62:1 63:2 64:2 65:2 67:1 68:1 69:2 71:2 72:2
      73:2 75:2 77:2 78:2 79:1 80:3 82:3
    `)
  },
  {
    // 2000 draws: rng.poisson(9.4)
    name: 'poisson',
    range: { from: 4, to: 41 },
    peers: 1969,
    peersOutside: 31,
    scipy: {
      alpha: 1.591599,
      ks: 0.23541,
      geometric: { rate: 0.163972, z: -96.8176 },
      poisson: { mean: 9.42984, z: -34.2812 },
      lognormal: { meanLog: 2.20331, sdLog: 0.32566, z: -32.2682 }
    },
    package: { alpha: 1.591584, exponential: -96.7942, lognormal: -32.2636 },
    histogram: parse(`
      1:1 2:7 3:23 4:49 5:106 6:164 7:213 8:262 9:219 10:227 11:239 12:175 13:116 14:90 15:52 16:32 17:10 18:9 19:3 20:1
      21:1 22:1
    `)
  },
  {
    // 3000 draws: rng.geometric(1 / 9)
    name: 'geometric',
    range: { from: 4, to: 82 },
    peers: 2092,
    peersOutside: 908,
    scipy: {
      alpha: 1.741649,
      ks: 0.094115,
      geometric: { rate: 0.11952, z: -11.8336 },
      poisson: { mean: 11.84689, z: 14.5065 },
      lognormal: { meanLog: 2.0475, sdLog: 0.79397, z: -11.2287 }
    },
    package: { alpha: 1.741624, exponential: -11.835, lognormal: -11.2295 },
    histogram: parse(`
      1:324 2:319 3:265 4:272 5:205 6:174 7:156 8:119 9:124 10:111 11:107 12:93 13:88 14:76 15:61 16:59 17:40 18:46
      19:56 20:35 21:33 22:25 23:24 24:16 25:20 26:17 27:12 28:16 29:18 30:9 31:8 32:6 33:6 34:8 35:7 36:8 37:4 38:3
      39:4 40:2 41:3 42:3 44:1 45:3 46:1 49:4 50:1 51:5 52:1 59:1 62:1
    `)
  },
  {
    // 5000 draws: np.rint(rng.lognormal(1.8, 0.7))
    name: 'lognormal',
    range: { from: 4, to: 200 },
    peers: 3899,
    peersOutside: 1101,
    scipy: {
      alpha: 2.196349,
      ks: 0.12973,
      geometric: { rate: 0.175857, z: -16.3328 },
      poisson: { mean: 9.0685, z: 11.8538 },
      lognormal: { meanLog: 1.8197, sdLog: 0.6871, z: -17.8735 }
    },
    package: { alpha: 2.196326, exponential: -16.333, lognormal: -17.8728 },
    histogram: parse(`
      1:117 2:418 3:566 4:556 5:568 6:459 7:417 8:365 9:266 10:231 11:150 12:147 13:113 14:97 15:93 16:59 17:60 18:40
      19:34 20:36 21:26 22:28 23:20 24:18 25:17 26:10 27:6 28:10 29:7 30:8 31:4 32:8 33:8 34:3 35:5 36:7 38:2 39:5 41:1
      42:1 43:2 44:2 45:2 46:2 48:2 55:2 56:1 59:1
    `)
  },
  {
    // how often the words of Moby Dick occur, from 7 times on (powerlaw.load_test_dataset("words"))
    name: 'words',
    range: { from: 7, to: 14086 },
    peers: 2958,
    peersOutside: 0,
    scipy: {
      alpha: 1.947934,
      ks: 0.009688,
      geometric: { rate: 0.018385, z: 9.1481 },
      poisson: { mean: 60.89351, z: 4.4493 },
      // Nelder-Mead runs away to a mean of -128,308 and z -0.180; this is the limit, the cells of a power law.
      lognormal: { meanLog: -Infinity, sdLog: Infinity, z: -0.186 }
    },
    package: { alpha: 1.947978, exponential: 9.1413, lognormal: -0.4928 },
    histogram: parse(`
      7:361 8:300 9:232 10:179 11:165 12:146 13:115 14:90 15:100 16:74 17:56 18:70 19:51 20:46 21:44 22:26 23:50 24:37
      25:32 26:25 27:21 28:23 29:27 30:18 31:25 32:19 33:16 34:13 35:17 36:16 37:17 38:23 39:10 40:11 41:10 42:17 43:11
      44:8 45:9 46:12 47:7 48:6 49:10 50:8 51:11 52:6 53:2 54:7 55:5 56:6 57:4 58:4 59:3 60:5 61:2 62:4 63:3 64:4 65:4
      66:5 67:6 68:2 69:2 70:4 71:3 72:5 73:3 74:7 75:4 76:4 77:3 78:1 79:4 80:4 81:3 82:4 83:7 84:2 85:3 86:2 87:5 88:4
      89:2 90:1 91:2 92:1 93:2 94:6 95:1 97:4 98:2 99:1 100:1 101:2 104:1 105:1 108:3 110:3 111:4 112:2 113:2 115:2
      117:2 119:3 120:1 121:1 122:2 123:2 125:2 126:2 127:1 129:2 130:3 133:2 134:1 135:2 136:2 138:1 147:3 148:4 151:1
      152:1 153:4 154:1 158:2 159:1 160:1 161:2 162:1 163:1 169:1 172:1 174:1 175:1 176:1 178:2 179:2 181:1 184:1 185:1
      186:1 188:2 193:2 199:2 201:3 204:2 206:1 207:1 208:1 212:2 218:1 219:1 223:1 224:1 225:1 228:2 229:1 230:1 232:1
      235:1 236:1 237:2 238:1 246:2 248:2 250:1 260:1 261:1 262:1 264:1 265:1 267:1 274:1 275:1 280:1 281:1 282:1 287:1
      289:1 293:2 297:1 299:2 300:1 302:1 304:1 309:1 315:1 317:1 323:1 325:1 329:1 334:1 342:1 362:1 363:1 364:2 365:1
      374:1 383:1 384:1 393:2 394:1 408:1 415:1 419:1 428:1 436:1 441:1 443:1 462:1 470:1 471:1 501:2 511:1 516:1 547:1
      551:1 571:1 575:1 578:1 586:1 588:1 599:1 604:1 606:1 618:1 620:1 623:1 639:1 673:1 679:1 682:1 748:1 762:1 770:1
      777:1 844:1 882:1 897:1 1022:1 1035:1 1041:1 1043:1 1065:1 1134:1 1161:1 1297:1 1372:1 1493:1 1581:1 1604:1 1674:1
      1683:1 1711:1 1744:1 1792:1 1942:1 2374:1 2483:1 2917:1 4040:1 4484:1 4573:1 6260:1 6414:1 14086:1
    `)
  }
]
