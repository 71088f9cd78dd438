import DevFTFormats
import DevFTModel
import DevFTTensor
import DevFTTraining

extension LoadedModel {
  /// The classes that an encoder tells apart; `nil` for a decoder.
  ///
  /// They are those of the model's configuration; where it names none, the numbers of the file's head; and
  /// where there is no head, those of the training examples.
  ///
  /// - Parameters:
  ///   - examples: The training examples.
  ///   - source: What they came from, for messages.
  /// - Returns: The classes.
  /// - Throws: `TrainingError` with code `badLabel` when the examples have none.
  func labels(of examples: [Example], source: String) throws -> ClassLabels? {
    guard let encoder = file.architecture.encoder else { return nil }
    if !encoder.labels.isEmpty { return try ClassLabels(encoder.labels) }
    if let count = encoder.headLabelCount {
      return try ClassLabels((0..<count).map { "\($0)" })
    }
    return try ClassLabels(of: examples, source: source)
  }

  /// What turns the run's examples into sequences.
  ///
  /// - Parameters:
  ///   - data: Length limit and what becomes of longer examples.
  ///   - labels: The classes of an encoder; `nil` for a decoder.
  /// - Returns: The encoder of examples.
  func sequenceEncoder(
    _ data: DataConfiguration,
    labels: ClassLabels?
  ) -> any SequenceEncoder {
    let overLong = data.overLong.encoderRule
    guard let labels else { return encoder(maximumLength: data.maxLength, overLong: overLong) }
    return LabelledTextEncoder(
      tokenizer: tokenizer,
      labels: labels,
      maximumLength: data.maxLength,
      overLong: overLong,
      architecture: file.architecture
    )
  }

  /// What stands around the layers, ready for products.
  ///
  /// - Parameters:
  ///   - precision: Type of the products.
  ///   - maximumLength: Longest sequence that will be run, in tokens.
  ///   - weights: How the matrices are kept.
  /// - Returns: The ends of a decoder or an encoder.
  /// - Throws: `FormatError` when a tensor cannot be read.
  func ends(
    precision: Precision,
    maximumLength: Int,
    weights: WeightStorage
  ) throws -> any ModelEnds {
    guard file.architecture.encoder == nil else {
      return try EncoderEnds(file, precision: precision, weights: weights)
    }
    return try DecoderEnds(
      file,
      precision: precision,
      maximumLength: maximumLength,
      weights: weights
    )
  }

  /// The sets that are trained beside those of the layers: the head of an encoder.
  ///
  /// - Parameters:
  ///   - labels: The classes of an encoder; `nil` for a decoder.
  ///   - seed: Seed of the run.
  /// - Returns: One set, or none for a decoder.
  /// - Throws: `FormatError` when a tensor cannot be read.
  func outerSets(labels: ClassLabels?, seed: UInt64) throws -> [NamedTensors] {
    guard let encoder = file.architecture.encoder, let labels else { return [] }
    return [try makeHead(file, encoder, labelCount: labels.count, seed: seed)]
  }
}
