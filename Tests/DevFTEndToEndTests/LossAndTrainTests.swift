import DevFTFormats
import Foundation
import Testing
import _DevFTTestSupport

@Suite("devft loss and devft train against PyTorch and PEFT")
struct LossAndTrainTests {
  private struct Loss: Decodable {
    var loss: Double
    var tokens: Int
    var examples: Int
  }

  private struct Step: Decodable {
    var step: Int
    var loss: Double
    var tokens: Int
    var seconds: Double
  }

  private func loss(adapter: String?, _ more: [String] = []) async throws -> Loss {
    let outcome = try await Devft.expectSuccess(
      ["loss", "--model", TinyChat.model, "--data", TinyChat.heldOut, "--json"]
        + (adapter.map { ["--adapter", $0] } ?? []) + more
    )
    #expect(outcome.lines.count == 1)
    return try JSONDecoder().decode(Loss.self, from: Data(outcome.output.utf8))
  }

  @Test("the mean loss over a file, with and without an adapter")
  func losses() async throws {
    let expected = try TinyChat.expected().heldOut
    let bare = try await loss(adapter: nil, ["--precision", "f32"])
    #expect(abs(bare.loss - expected.loss) < 1e-4)
    #expect(bare.tokens == expected.tokens)
    #expect(bare.examples == expected.examples)
    let adapted = try await loss(adapter: TinyChat.adapter, ["--precision", "f32"])
    #expect(abs(adapted.loss - expected.adapterLoss) < 1e-4)
    // bfloat16 has 8 bits: a loss near 7 moves in the second decimal.
    let rounded = try await loss(adapter: TinyChat.adapter, ["--precision", "bf16"])
    #expect(abs(rounded.loss - expected.adapterLoss) < 0.05)
  }

  @Test("naming the model's own kind of template drops its default system text")
  func template() async throws {
    let own = try await loss(adapter: nil, ["--precision", "f32"])
    let bare = try await loss(adapter: nil, ["--precision", "f32", "--template", "chatml"])
    #expect(bare.tokens == own.tokens)
    #expect(abs(bare.loss - own.loss) > 1e-3)
  }

  @Test("steps in file order, wrapping round, one line of JSON each")
  func steps() async throws {
    let expected = try TinyChat.expected().training
    let scratch = try ScratchDirectory()
    let outcome = try await Devft.expectSuccess([
      "train", "--model", TinyChat.model, "--data", TinyChat.train, "--precision", "f32",
      "--init-adapter", TinyChat.adapter, "--no-shuffle", "--json",
      "--steps", "\(expected.steps.count)", "--batch", "\(expected.batch)",
      "--lr", "\(expected.learningRate)", "--out", scratch.path("adapter"),
    ])
    let form = #/\{"step":\d+,"loss":\d+\.\d+,"tokens":\d+,"seconds":\d[\d.e-]*\}/#
    #expect(outcome.lines.count == expected.steps.count)
    for (index, line) in outcome.lines.enumerated() {
      #expect(line.wholeMatch(of: form) != nil, "\(line)")
      let step = try JSONDecoder().decode(Step.self, from: Data(line.utf8))
      #expect(step.step == index + 1)
      #expect(step.tokens == expected.steps[index].tokens)
      #expect(abs(step.loss - expected.steps[index].loss) < 1e-3)
      #expect(step.seconds > 0)
    }
    #expect(outcome.errors.isEmpty)
    let after = try await loss(adapter: scratch.path("adapter"), ["--precision", "f32"])
    #expect(abs(after.loss - expected.heldOutLoss) < 1e-3)
    let written = try PEFTAdapter(directory: scratch.path("adapter"))
    let start = try PEFTAdapter(directory: TinyChat.adapter)
    #expect(written.configuration.rank == start.configuration.rank)
    #expect(written.configuration.targets == start.configuration.targets)
    #expect(written.layers != start.layers)
  }

  @Test("a new adapter has the rank, alpha and targets asked for, and depends on the seed")
  func fresh() async throws {
    let scratch = try ScratchDirectory()
    func train(seed: Int, name: String) async throws -> Data {
      try await Devft.expectSuccess([
        "train", "--model", TinyChat.model, "--data", TinyChat.train, "--steps", "3",
        "--rank", "3", "--alpha", "9", "--targets", "k,up", "--schedule", "cosine",
        "--warmup", "1", "--weight-decay", "0.01", "--seed", "\(seed)", "--out",
        scratch.path(name),
      ])
      return try Data(
        contentsOf: URL(fileURLWithPath: scratch.path("\(name)/adapter_model.safetensors"))
      )
    }
    let (one, again) = (try await train(seed: 1, name: "1"), try await train(seed: 1, name: "2"))
    #expect(one == again)
    #expect(try await train(seed: 2, name: "3") != one)
    let adapter = try PEFTAdapter(directory: scratch.path("1"))
    #expect(adapter.configuration.rank == 3)
    #expect(adapter.configuration.alpha == 9)
    #expect(adapter.configuration.targets == [.k, .up])
  }
}
