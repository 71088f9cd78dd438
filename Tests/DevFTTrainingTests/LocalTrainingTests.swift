import DevFTFormats
import DevFTModel
import DevFTTensor
import DevFTTraining
import Testing
import _DevFTTestSupport

@Suite("Local training")
struct LocalTrainingTests {
  private let golden: GoldenCase
  private let decoder: Decoder
  private let examples: [TokenBatch.Sequence]

  init() throws {
    golden = try GoldenCase("llama-gqa")
    decoder = try Decoder(golden.file, precision: .float32, maximumLength: 64)
    var stream = RandomStream(seed: 8, purpose: "examples")
    examples = (0..<9).map { index in
      let length = 4 + index
      return TokenBatch.Sequence(
        tokens: (0..<length).map { _ in Int32(stream.nextIndex(below: 61)) },
        isTarget: (0..<length).map { $0 > 1 }
      )
    }
  }

  private func training(_ steps: Int, rate: Double = 1e-2) -> LocalTraining {
    LocalTraining(
      stepCount: steps,
      batchSize: 3,
      schedule: StepSchedule(shape: .linear, peak: rate, warmupSteps: 2, stepCount: steps)
    )
  }

  private func run(
    _ training: LocalTraining,
    seed: UInt64?
  ) throws -> (adapter: [NamedTensors], steps: [LocalTraining.Step]) {
    var (adapter, steps) = (golden.adapter, [LocalTraining.Step]())
    try training.run(
      &adapter,
      scale: golden.scale,
      decoder: decoder,
      examples: examples,
      stream: seed.map { RandomStream(seed: $0, purpose: "batches") }
    ) { steps.append($0) }
    return (adapter, steps)
  }

  @Test("lowers the loss of the examples and reports every step")
  func learns() throws {
    let training = training(30)
    let (adapter, steps) = try run(training, seed: 1)
    #expect(steps.map(\.number) == Array(1...30))
    #expect(steps.map(\.learningRate) == (0..<30).map(training.schedule.rate))
    #expect(
      steps.prefix(3).reduce(0) { $0 + $1.tokenCount }
        == examples.reduce(0) { $0 + $1.tokens.count }
    )
    func loss(_ layers: [NamedTensors]) -> Double {
      decoder.loss(
        of: TokenBatch(examples),
        adapter: decoder.operands(layers, scale: golden.scale)
      ).mean
    }
    #expect(loss(adapter) < loss(golden.adapter) - 1)
    #expect(steps.allSatisfy { $0.gradientNorm > 0 && $0.loss.targetCount > 0 })
  }

  @Test("gives the same bytes for the same seed, others for another, and keeps file order without")
  func seeds() throws {
    let one = try run(training(5), seed: 1).adapter
    #expect(try run(training(5), seed: 1).adapter == one)
    #expect(try run(training(5), seed: 2).adapter != one)
    let inOrder = try run(training(4), seed: nil).steps.map(\.tokenCount)
    #expect(inOrder == [15, 24, 33, 15])
  }

  @Test("stops at a loss that is no number, and hands on what the report throws")
  func failures() throws {
    do {
      _ = try run(training(6, rate: 1e300), seed: 1)
      Issue.record("a learning rate of 1e300 passed")
    } catch let error as TrainingError {
      #expect(error.code == .nonFiniteLoss)
      #expect(error.message.contains("step 2"))
    }
    struct Stop: Error {}
    var adapter = golden.adapter
    #expect(throws: Stop.self) {
      try training(6).run(
        &adapter,
        scale: 1,
        decoder: decoder,
        examples: examples,
        stream: nil
      ) { step in
        if step.number == 2 { throw Stop() }
      }
    }
    do {
      try training(1).run(&adapter, scale: 1, decoder: decoder, examples: [], stream: nil)
      Issue.record("training on no examples passed")
    } catch let error as TrainingError {
      #expect(error.code == .noExamples)
    }
  }
}
