import DevFTFormats
import DevFTModel
public import DevFTTensor

/// Speed of the forward pass with its loss.
public struct ScoringBenchmark: Sendable {
  /// Sequences of a batch, at least 1.
  public var batch: Int
  /// Tokens of each sequence, at least 2.
  public var length: Int
  /// Type of the products.
  public var precision: Precision

  /// What was measured.
  public struct Measurement: Codable, Sendable {
    /// Tokens of the batch by the median time of a pass.
    public var tokensPerSecond: Double
    /// Mean loss of a target, in nats.
    public var loss: Double

    private enum CodingKeys: String, CodingKey {
      case tokensPerSecond = "tokens_per_second"
      case loss
    }
  }

  /// Describes a benchmark.
  ///
  /// - Parameters:
  ///   - batch: Sequences of a batch, at least 1.
  ///   - length: Tokens of each sequence, at least 2.
  ///   - precision: Type of the products.
  public init(batch: Int, length: Int, precision: Precision) {
    self.batch = batch
    self.length = length
    self.precision = precision
  }

  /// Loads the model and takes a few passes, the first one untimed.
  ///
  /// - Parameter model: A known name, or the path of a GGUF file or a Hugging Face directory.
  /// - Returns: What was measured.
  /// - Throws: When the model cannot be read.
  public func run(model: String) throws -> Measurement {
    let file = try openModelFile(at: try KnownModel.path(of: model))
    let decoder = try Decoder(file, precision: precision, maximumLength: length)
    let tokens = BenchmarkTokens(vocabularySize: file.architecture.vocabularySize)
    let packed = TokenBatch(tokens.sequences(batch, length: length))
    var loss = BatchLoss(sum: 0, targetCount: 0)
    let times = (0..<6).map { _ in
      ContinuousClock().measure {
        loss = decoder.loss(of: packed, adapter: decoder.operands([], scale: 1))
      } / .seconds(1)
    }
    return Measurement(
      tokensPerSecond: Double(batch * length) / median(times.dropFirst()),
      loss: loss.mean
    )
  }
}
