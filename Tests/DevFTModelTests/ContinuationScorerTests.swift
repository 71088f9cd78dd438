import DevFTModel
import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("Scores of continuations")
struct ContinuationScorerTests {
  private let decoder: Decoder
  private let adapter: AdapterOperands

  init() throws {
    let golden = try GoldenCase("llama-gqa")
    decoder = try Decoder(golden.file, precision: .float32, maximumLength: 96)
    adapter = decoder.operands(golden.adapter, scale: golden.scale)
  }

  /// The plain way: one sequence at a time, all of it run.
  private func plain(_ context: [Int32], _ continuation: [Int32]) -> Double {
    let tokens = context + continuation
    let isTarget = tokens.indices.map { $0 >= context.count }
    let batch = TokenBatch([TokenBatch.Sequence(tokens: tokens, isTarget: isTarget)])
    return -decoder.loss(of: batch, adapter: adapter).sum
  }

  private func tokens(_ count: Int, _ seed: UInt64) -> [Int32] {
    var stream = RandomStream(seed: seed, purpose: "tokens")
    return (0..<count).map { _ in Int32(stream.nextIndex(below: 61)) }
  }

  private func questions(prefix: Int) -> [ScoringQuestion] {
    let shared = tokens(prefix, 1)
    return (0..<9).map { index in
      let seed = UInt64(10 * (index + 1))
      let lengths = [[1, 1, 1, 1], [3, 1, 5], [7], [2, 2]][index % 4]
      return ScoringQuestion(
        context: shared + tokens(1 + index * 3, seed),
        continuations: lengths.enumerated().map { tokens($0.element, seed + UInt64($0.offset) + 1) }
      )
    }
  }

  @Test(
    "are those of each sequence by itself, whatever is shared and however many go together",
    arguments: [0, 1, 40],
    [1, 24, 4096]
  )
  func equality(prefix: Int, batchRows: Int) {
    let questions = questions(prefix: prefix)
    let scorer = ContinuationScorer(decoder: decoder, adapter: adapter, batchRows: batchRows)
    var done = 0
    let scores = scorer.scores(of: questions) { done += $0 }
    #expect(done == questions.count)
    for (question, scores) in zip(questions, scores) {
      for (continuation, score) in zip(question.continuations, scores) {
        let expected = plain(question.context, continuation)
        #expect(abs(score - expected) < 1e-5 * abs(expected) + 1e-5)
      }
    }
  }

  @Test("of one question, and of the same question twice")
  func alone() {
    let question = questions(prefix: 5)[1]
    let scorer = ContinuationScorer(decoder: decoder, adapter: adapter)
    let alone = scorer.scores(of: [question])[0]
    let twice = scorer.scores(of: [question, question])
    for (index, continuation) in question.continuations.enumerated() {
      let expected = plain(question.context, continuation)
      #expect(abs(alone[index] - expected) < 1e-4)
      #expect(abs(twice[0][index] - expected) < 1e-4)
      #expect(abs(twice[1][index] - expected) < 1e-4)
    }
    #expect(scorer.scores(of: []).isEmpty)
  }

  @Test("of all tokens after a context sum up to one")
  func distribution() {
    let context = tokens(6, 3)
    let all = (0..<61).map { [Int32($0)] }
    let scorer = ContinuationScorer(decoder: decoder, adapter: adapter)
    let scores = scorer.scores(of: [ScoringQuestion(context: context, continuations: all)])[0]
    let sum = scores.reduce(0) { $0 + exponential($1) }
    #expect(abs(sum - 1) < 1e-5)
  }

  private func exponential(_ power: Double) -> Double {
    // A series is enough here, and needs no other library: e^x = (e^(x/64))^64.
    let part = power / 64
    let one = 1 + part * (1 + part / 2 * (1 + part / 3 * (1 + part / 4 * (1 + part / 5))))
    return (0..<6).reduce(one) { result, _ in result * result }
  }
}
