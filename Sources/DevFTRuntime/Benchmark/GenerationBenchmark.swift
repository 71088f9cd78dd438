import DevFTFormats
import DevFTModel
public import DevFTTensor

/// Speed of reading a prompt and of writing a greedy answer, one sequence at a time.
public struct GenerationBenchmark: Sendable {
  /// Tokens of the prompt, at least 1.
  public var promptTokenCount: Int
  /// Tokens of the answer, at least 2.
  public var tokenCount: Int
  /// Type of the products.
  public var precision: Precision

  /// What was measured: medians.
  public struct Measurement: Codable, Sendable {
    /// Tokens of the prompt by the time to the first token of the answer.
    public var promptTokensPerSecond: Double
    /// Tokens after the first by the time that they took.
    public var generatedTokensPerSecond: Double

    private enum CodingKeys: String, CodingKey {
      case promptTokensPerSecond = "prompt_tokens_per_second"
      case generatedTokensPerSecond = "generated_tokens_per_second"
    }
  }

  /// Describes a benchmark.
  ///
  /// - Parameters:
  ///   - promptTokenCount: Tokens of the prompt, at least 1.
  ///   - tokenCount: Tokens of the answer, at least 2.
  ///   - precision: Type of the products.
  public init(promptTokenCount: Int, tokenCount: Int, precision: Precision) {
    self.promptTokenCount = promptTokenCount
    self.tokenCount = tokenCount
    self.precision = precision
  }

  /// Loads the model and answers a few times, the first time untimed.
  ///
  /// - Parameter model: A known name, or the path of a GGUF file or a Hugging Face directory.
  /// - Returns: What was measured.
  /// - Throws: When the model cannot be read.
  public func run(model: String) throws -> Measurement {
    let file = try openModelFile(at: try KnownModel.path(of: model))
    let decoder = try Decoder(
      file,
      precision: precision,
      maximumLength: promptTokenCount + tokenCount
    )
    let prompt = BenchmarkTokens(vocabularySize: file.architecture.vocabularySize)
      .run(promptTokenCount)
    var generator = Generator(
      decoder: decoder,
      adapter: decoder.operands([], scale: 1),
      stopTokens: []
    )
    let times = (0..<4).map { _ in measure(&generator, prompt) }.dropFirst()
    return Measurement(
      promptTokensPerSecond: Double(promptTokenCount) / median(times.map(\.prompt)),
      generatedTokensPerSecond: Double(tokenCount - 1) / median(times.map(\.answer))
    )
  }

  private func measure(
    _ generator: inout Generator,
    _ prompt: [Int32]
  ) -> (prompt: Double, answer: Double) {
    let start = ContinuousClock.now
    var first: ContinuousClock.Instant?
    _ = generator.continuations(of: [prompt], maximumTokens: tokenCount) { _, _ in
      first = first ?? ContinuousClock.now
    }
    let end = ContinuousClock.now
    let middle = first ?? end
    return ((middle - start) / .seconds(1), (end - middle) / .seconds(1))
  }
}
