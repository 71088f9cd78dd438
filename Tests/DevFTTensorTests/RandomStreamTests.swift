import DevFTTensor
import Testing

// The numbers come from Tests/Golden/random_stream.py. They are a contract: a change breaks every
// recorded run.
@Suite("Random streams")
struct RandomStreamTests {
  @Test("draw the words that an independent computation draws")
  func words() {
    var plain = RandomStream(seed: 0, purpose: "")
    #expect(
      (0..<4).map { _ in plain.next() } == [
        0x7425_a072_fbbf_e8f6, 0x6ed1_ba14_b796_d98c, 0xd65c_bb84_afc3_60dd, 0xb8fd_72b7_4708_3667,
      ]
    )
    var cohort = RandomStream(seed: 7, purpose: "cohort", round: 3)
    #expect(
      (0..<4).map { _ in cohort.next() } == [
        0x93e5_824a_5897_156a, 0x64e8_d2e0_b2da_ad09, 0x3ba7_9a0d_f288_b21f, 0x2787_1614_65b5_7179,
      ]
    )
    var batches = RandomStream(seed: 7, purpose: "batches", round: 3, client: 11)
    #expect(
      (0..<4).map { _ in batches.next() } == [
        0x3848_e846_ac98_76da, 0x19ba_5eb6_d140_8be0, 0x5953_da4d_9940_5a7e, 0x8524_7509_c55a_66c6,
      ]
    )
    var extreme = RandomStream(seed: .max, purpose: "Zufall-é", round: -1, client: 1 << 40)
    #expect(
      (0..<4).map { _ in extreme.next() } == [
        0x7e0c_6369_0a2f_0c34, 0x0a36_0d86_5194_b356, 0x8b62_f407_6d00_9d92, 0x24a4_fc33_e505_8ec9,
      ]
    )
  }

  @Test("draw the same numbers, indices and permutations for ever")
  func derived() {
    var uniform = RandomStream(seed: 7, purpose: "uniform")
    #expect(
      (0..<3).map { _ in uniform.nextUniform() } == [
        0.5843861589963251, 0.8078466900112985, 0.18472536686484764,
      ]
    )
    var index = RandomStream(seed: 7, purpose: "index")
    #expect(
      (0..<12).map { _ in index.nextIndex(below: 10) } == [7, 8, 1, 3, 1, 1, 0, 2, 9, 4, 1, 7]
    )
    var permutation = RandomStream(seed: 7, purpose: "permutation")
    #expect(permutation.permutation(of: 10) == [5, 2, 8, 9, 7, 0, 6, 1, 4, 3])
  }

  @Test("differ by seed, purpose, round and client")
  func different() {
    var streams = [
      RandomStream(seed: 1, purpose: "a"), RandomStream(seed: 2, purpose: "a"),
      RandomStream(seed: 1, purpose: "b"), RandomStream(seed: 1, purpose: "a", round: 1),
      RandomStream(seed: 1, purpose: "a", client: 0),
      RandomStream(seed: 1, purpose: "a", round: 1, client: 0),
      RandomStream(seed: 1, purpose: "a", round: 0, client: 1),
      RandomStream(seed: 1, purpose: "aa"),
    ]
    let first = streams.indices.map { streams[$0].next() }
    #expect(Set(first).count == streams.count)
  }

  @Test("spread evenly over the unit interval and over indices")
  func even() {
    var stream = RandomStream(seed: 3, purpose: "even")
    var (sum, squares, bins) = (0.0, 0.0, [Int](repeating: 0, count: 7))
    for _ in 0..<70_000 {
      let number = stream.nextUniform()
      #expect((0..<1).contains(number))
      sum += number
      squares += number * number
      bins[stream.nextIndex(below: 7)] += 1
    }
    // Five standard deviations of 70,000 draws: 0.0011 and 0.0011 a draw, 93 a bin.
    #expect(abs(sum / 70_000 - 0.5) < 0.0055)
    #expect(abs(squares / 70_000 - 1 / 3.0) < 0.0057)
    #expect(bins.allSatisfy { abs($0 - 10_000) < 465 })
  }

  @Test("permute every count without loss", arguments: [0, 1, 2, 3, 10, 997])
  func permutations(_ count: Int) {
    var stream = RandomStream(seed: 5, purpose: "permutation", round: count)
    #expect(stream.permutation(of: count).sorted() == Array(0..<count))
  }

  @Test("reach all six orders of three about equally often")
  func fairPermutations() {
    var stream = RandomStream(seed: 6, purpose: "orders")
    var counts: [[Int]: Int] = [:]
    for _ in 0..<6000 { counts[stream.permutation(of: 3), default: 0] += 1 }
    #expect(counts.count == 6)
    #expect(counts.values.allSatisfy { abs($0 - 1000) < 145 })
  }
}
