import DevFTFederation
import DevFTFormats
import DevFTModel
import DevFTTensor
import Testing
import _DevFTTestSupport

@testable import DevFTRuntime

@Suite("A client that trains a hypernetwork")
struct HyperNetworkClientTests {
  private let decoder: Decoder
  private let adapter: [NamedTensors]
  private let scale: Float

  init() throws {
    let golden = try GoldenCase("llama-gqa")
    decoder = try Decoder(golden.file, precision: .float32, maximumLength: 64)
    (adapter, scale) = (golden.adapter, golden.scale)
  }

  private func trainer(_ sequences: [TokenBatch.Sequence]) -> LocalClientTrainer {
    LocalClientTrainer(
      decoder: decoder,
      scale: scale,
      share: { _ in sequences },
      local: LocalConfiguration(),
      method: C2A(),
      recomputation: .never,
      cost: { [decoder] _ in
        StepCost(
          architecture: decoder.ends.architecture,
          capacity: decoder.layerCount,
          adapter: DevFTFormats.LoRAConfiguration(rank: 3, alpha: 7, targets: [.q]),
          precision: .float32
        )
      },
      seed: 1,
      report: { _ in }
    )
  }

  private func task(_ parameters: [NamedTensors]) -> ClientTask {
    ClientTask(
      client: 0,
      stage: 1,
      place: TaskPlace(round: 1, roundOfStage: 1),
      adapter: parameters,
      training: LocalTrainingTask(learningRate: 1e-3, stepCount: 1, batchExampleCount: 2)
    )
  }

  /// What `generation` makes for some batches, beside what the shares of the classes would make.
  private func check(
    _ parameters: [NamedTensors],
    _ sequences: [TokenBatch.Sequence],
    shares: [(batch: [Int], expected: [Float])]
  ) {
    let generate = trainer(sequences).generation(task(parameters), sequences)
    let network = HyperNetwork(parameters)
    for (batch, expected) in shares {
      let made = generate(parameters, batch)
      #expect(made.adapter == network.adapter(shares: expected))
      #expect(made.pullBack(adapter) == network.gradient(of: adapter, shares: expected))
    }
  }

  @Test("makes each batch's adapter for the classes of its prompts, whatever the answers are")
  func prompts() throws {
    let prompts: [[Int32]] = [[3, 9, 27], [50, 41, 8, 2]]
    var options = MethodOptions()
    options.clusters = 2
    var parameters = C2A(MethodSettings(options: options)).initialState(adapter).global
    let features = prompts.flatMap(decoder.promptFeatures)
    let squares = features.reduce(0) { $0 + $1 * $1 }
    #expect(abs(squares - 2) < 1e-5)
    parameters[parameters.count - 1]["hypernetwork.centroids"] = Tensor(
      shape: [2, features.count / 2],
      elements: features
    )
    // The answers are the other prompt: were they looked at, both kinds would be alike.
    let sequences = [(1, 0), (0, 1), (1, 0)].map { asked, answered in
      TokenBatch.Sequence(
        tokens: prompts[asked] + prompts[answered],
        isTarget: prompts[asked].map { _ in false } + prompts[answered].map { _ in true }
      )
    }
    check(
      parameters,
      sequences,
      shares: [([0], [0, 1]), ([1], [1, 0]), ([2, 1], [0.5, 0.5]), ([0, 2], [0, 1])]
    )
  }

  @Test("takes labels where examples have them")
  func labels() {
    let parameters = C2A(MethodSettings(classCount: 3)).initialState(adapter).global
    let sequences = [2, 0, 2].map {
      TokenBatch.Sequence(tokens: [1, 5], types: [0, 0], label: $0)
    }
    check(
      parameters,
      sequences,
      shares: [([0], [0, 0, 1]), ([1, 2], [0.5, 0, 0.5]), ([0, 2], [0, 0, 1])]
    )
  }
}
