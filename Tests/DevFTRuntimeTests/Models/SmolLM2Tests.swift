import DevFTFormats
import DevFTModel
import DevFTRuntime
import DevFTTensor
import Foundation
import Testing

/// The embedded model, where it has been fetched; the tests skip, saying so, where it has not.
private let smolLM2 = KnownModel.all.first { $0.name == "smollm2-135m-instruct" }?.path ?? ""
private let isThere = FileManager.default.fileExists(atPath: smolLM2)

@Suite("SmolLM2-135M-Instruct", .enabled(if: isThere, "no model; get it with: devft model get"))
struct SmolLM2Tests {
  /// Mean next-token loss that PyTorch gives on the dequantised weights, `tools/smollm2_reference.py`.
  private static let referenceLoss = 1.415541

  private static let sentence =
    "The capital of France is Paris. The Eiffel Tower is one of the most famous landmarks in the "
    + "world, and millions of people visit it every year."

  @Test(
    "the loss of a known sentence",
    arguments: [(Precision.float32, 0.0005), (.bfloat16, 0.03)]
  )
  func loss(precision: Precision, tolerance: Double) throws {
    let model = try LoadedModel(smolLM2)
    let tokens = model.tokenizer.encode(Self.sentence).map(Int32.init)
    #expect(tokens.count == 31)
    let decoder = try model.decoder(precision: precision, maximumLength: 64)
    let batch = TokenBatch([
      TokenBatch.Sequence(tokens: tokens, isTarget: tokens.map { _ in true })
    ])
    let loss = decoder.loss(of: batch, adapter: decoder.operands([], scale: 1)).mean
    #expect(abs(loss - Self.referenceLoss) < tolerance)
  }

  @Test("the capital of France")
  func answer() throws {
    let model = try LoadedModel(smolLM2)
    let decoder = try model.decoder(precision: .bfloat16, maximumLength: 128)
    let prompt = try model.promptTokens(
      of: [ChatMessage(.user, "What is the capital of France?")])
    var generator = Generator(
      decoder: decoder,
      adapter: decoder.operands([], scale: 1),
      stopTokens: model.stopTokens
    )
    let answer = generator.continuations(of: [prompt], maximumTokens: 32)[0]
    #expect(model.tokenizer.decode(answer.map(Int.init)).contains("Paris"))
  }

  @Test("the file is the one that is known")
  func identity() throws {
    let model = try #require(KnownModel.all.first)
    #expect(model.matches(smolLM2))
  }
}
