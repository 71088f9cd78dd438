import DevFTTensor
import Testing
import _DevFTTestSupport

/// Geometry of one attention layer in the tests.
struct AttentionCase: CustomTestStringConvertible, Sendable {
  let heads: Int
  let groups: Int
  let width: Int
  /// Tokens of each sequence.
  let lengths: [Int]

  init(_ heads: Int, _ groups: Int, _ width: Int, _ lengths: [Int]) {
    (self.heads, self.groups, self.width, self.lengths) = (heads, groups, width, lengths)
  }

  var testDescription: String { "\(heads)/\(groups) heads of \(width), tokens \(lengths)" }

  static let all =
    [
      AttentionCase(1, 1, 6, [1]), AttentionCase(2, 1, 6, [2, 1, 3]), AttentionCase(2, 2, 1, [5]),
      AttentionCase(3, 1, 6, [31, 32, 33]), AttentionCase(9, 3, 64, [7, 1, 70]),
      AttentionCase(4, 2, 80, [4, 65]), AttentionCase(2, 1, 128, [37, 5]),
      AttentionCase(6, 2, 17, [64, 13, 2]),
    ] + (1...12).map { AttentionCase(2, 1, 8, [$0]) }

  var kernel: PackedAttention {
    PackedAttention(headCount: heads, keyValueHeadCount: groups, headWidth: width)
  }
  var reference: ReferenceAttention {
    ReferenceAttention(headCount: heads, keyValueHeadCount: groups, headWidth: width)
  }

  /// Sequences one after the other; each sees `past` earlier keys.
  func segments(past: Int = 0) -> [AttentionSegment] {
    var (queryRow, keyRow) = (0, 0)
    return lengths.map { length in
      defer { (queryRow, keyRow) = (queryRow + length, keyRow + length + past) }
      return AttentionSegment(
        queries: queryRow..<queryRow + length,
        keys: keyRow..<keyRow + length + past
      )
    }
  }

  /// Queries, keys and values; scores reach some units, so that probabilities are far from equal.
  func inputs(past: Int = 0) -> (q: Tensor, k: Tensor, v: Tensor) {
    let tokens = lengths.reduce(0, +)
    let keyRows = tokens + past * lengths.count
    var q = fixedTensor(shape: [tokens, heads * width])
    q.scale(by: 3)
    let k = fixedTensor(shape: [keyRows, groups * width], phase: 1)
    let v = fixedTensor(shape: [keyRows, groups * width], phase: 2)
    return (q, k, v)
  }
}

@Suite("Attention over packed sequences")
struct PackedAttentionTests {
  @Test("equals its definition", arguments: AttentionCase.all)
  func forward(_ shape: AttentionCase) {
    let (q, k, v) = shape.inputs()
    let segments = shape.segments()
    let found = shape.kernel.forward(q: q, k: k, v: v, segments: segments)
    let expected = shape.reference.forward(
      q: Grid(q),
      k: Grid(k),
      v: Grid(v),
      segments: segments
    )
    #expect(found.shape == q.shape)
    expectClose(found, expected.values, .attention)
  }

  @Test("without a mask equals its definition", arguments: AttentionCase.all)
  func bidirectional(_ shape: AttentionCase) {
    let (q, k, v) = shape.inputs()
    let gradient = fixedTensor(shape: q.shape, phase: 3)
    let segments = shape.segments()
    let kernel = PackedAttention(
      headCount: shape.heads,
      keyValueHeadCount: shape.groups,
      headWidth: shape.width,
      isCausal: false
    )
    var reference = shape.reference
    reference.isCausal = false
    let found = kernel.forward(q: q, k: k, v: v, segments: segments)
    let (q64, k64, v64) = (Grid(q), Grid(k), Grid(v))
    let expected = reference.forward(q: q64, k: k64, v: v64, segments: segments)
    expectClose(found, expected.values, .attention)
    let slopes = kernel.gradient(gradient, q: q, k: k, v: v, segments: segments)
    let wanted = reference.gradient(Grid(gradient), q: q64, k: k64, v: v64, segments: segments)
    expectClose(slopes.q, wanted.q.values, .attentionGradient, "q")
    expectClose(slopes.k, wanted.k.values, .attentionGradient, "k")
    expectClose(slopes.v, wanted.v.values, .attentionGradient, "v")
  }

  @Test("sees cached keys before the queries", arguments: AttentionCase.all, [1, 30, 67])
  func cached(_ shape: AttentionCase, _ past: Int) {
    let (q, k, v) = shape.inputs(past: past)
    let segments = shape.segments(past: past)
    let found = shape.kernel.forward(q: q, k: k, v: v, segments: segments)
    let expected = shape.reference.forward(
      q: Grid(q),
      k: Grid(k),
      v: Grid(v),
      segments: segments
    )
    expectClose(found, expected.values, .attention)
  }

  @Test("has the gradient of its definition", arguments: AttentionCase.all)
  func gradient(_ shape: AttentionCase) {
    let (q, k, v) = shape.inputs()
    let gradient = fixedTensor(shape: q.shape, phase: 3)
    let segments = shape.segments()
    let found = shape.kernel.gradient(gradient, q: q, k: k, v: v, segments: segments)
    let expected = shape.reference.gradient(
      Grid(gradient),
      q: Grid(q),
      k: Grid(k),
      v: Grid(v),
      segments: segments
    )
    expectClose(found.q, expected.q.values, .attentionGradient, "q")
    expectClose(found.k, expected.k.values, .attentionGradient, "k")
    expectClose(found.v, expected.v.values, .attentionGradient, "v")
  }

  @Test("has the gradients that central differences find")
  func differences() {
    let shape = AttentionCase(4, 2, 3, [5, 2])
    let (q, k, v) = shape.inputs()
    let factors = fixedTensor(shape: q.shape, phase: 3)
    let segments = shape.segments()
    let found = shape.kernel.gradient(factors, q: q, k: k, v: v, segments: segments)
    func loss(_ q: Grid, _ k: Grid, _ v: Grid) -> Double {
      let output = shape.reference.forward(q: q, k: k, v: v, segments: segments)
      return innerProduct(output.values, Grid(factors).values)
    }
    let (q64, k64, v64) = (Grid(q), Grid(k), Grid(v))
    let byQ = centralDifferences(at: q64.values) { loss(q64.with($0), k64, v64) }
    let byK = centralDifferences(at: k64.values) { loss(q64, k64.with($0), v64) }
    let byV = centralDifferences(at: v64.values) { loss(q64, k64, v64.with($0)) }
    expectClose(found.q, byQ, .centralDifferences, "q")
    expectClose(found.k, byK, .centralDifferences, "k")
    expectClose(found.v, byV, .centralDifferences, "v")
  }

  @Test("does not look ahead, nor into another sequence")
  func causality() {
    let shape = AttentionCase(2, 1, 8, [6, 9])
    let (q, k, v) = shape.inputs()
    let segments = shape.segments()
    let before = shape.kernel.forward(q: q, k: k, v: v, segments: segments)
    var (laterKeys, laterValues) = (k, v)
    for index in 8 * 8..<10 * 8 {  // keys 2 and 3 of the second sequence
      laterKeys.elements[index] += 1
      laterValues.elements[index] = 1e30
    }
    let after = shape.kernel.forward(q: q, k: laterKeys, v: laterValues, segments: segments)
    let rows = (0..<15).map { row in
      before.elements[row * 16..<(row + 1) * 16] == after.elements[row * 16..<(row + 1) * 16]
    }
    #expect(rows == (0..<15).map { $0 < 8 })
  }

  @Test("refuses segments that overlap, leave queries out or reach past the keys")
  func badSegments() async {
    await #expect(processExitsWith: .failure) { attend([(0..<3, 0..<3), (2..<6, 2..<6)]) }
    await #expect(processExitsWith: .failure) { attend([(0..<3, 0..<3)]) }
    await #expect(processExitsWith: .failure) { attend([(0..<6, 0..<7)]) }
    await #expect(processExitsWith: .success) { attend([(0..<2, 0..<3), (2..<6, 0..<6)]) }
  }

  @Test("gives the best key everything when scores lie a hundred and more apart")
  func extremes() {
    let shape = AttentionCase(1, 1, 4, [40])
    var (q, k, v) = shape.inputs()
    q.scale(by: 1000)
    k.scale(by: 1000)
    let segments = shape.segments()
    let found = shape.kernel.forward(q: q, k: k, v: v, segments: segments)
    let expected = shape.reference.forward(
      q: Grid(q),
      k: Grid(k),
      v: Grid(v),
      segments: segments
    )
    #expect(found.elements.allSatisfy { $0.isFinite })
    // Scores near 1e6 carry float32 errors of 0.1: compared where one key has all the probability.
    let decided = (0..<40).filter { row in
      let weight = sharpness(row, q: Grid(q), k: Grid(k))
      return weight > 5
    }
    #expect(decided.count > 30)
    let picked = decided.flatMap { found.elements[$0 * 4..<$0 * 4 + 4].map { Double($0) } }
    let wanted = decided.flatMap { expected.values[$0 * 4..<$0 * 4 + 4] }
    expectClose(picked, wanted, Tolerance(ofLargest: 0.01))
  }

  /// By how much the best score of a query exceeds the next.
  private func sharpness(_ row: Int, q: Grid, k: Grid) -> Double {
    let scores = (0...row).map { key in
      (0..<4).reduce(0.0) { $0 + q[row, $1] * k[key, $1] } / 2
    }
    let sorted = scores.sorted(by: >)
    return sorted.count == 1 ? .infinity : sorted[0] - sorted[1]
  }
}

/// Attends over six queries and six keys.
private func attend(_ ranges: [(queries: Range<Int>, keys: Range<Int>)]) {
  let (q, k, v) = AttentionCase(2, 1, 8, [6]).inputs()
  let segments = ranges.map { AttentionSegment(queries: $0.queries, keys: $0.keys) }
  _ = AttentionCase(2, 1, 8, []).kernel.forward(q: q, k: k, v: v, segments: segments)
}
