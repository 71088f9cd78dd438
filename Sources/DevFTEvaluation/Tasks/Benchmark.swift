/// A benchmark: its questions, how they are put to a model, and how answers count.
///
/// Laws: samples stand in the order of the questions; the same model and questions give the same
/// numbers; a limit of `n` looks at the first `n` questions of each group and changes nothing about them.
public protocol Benchmark: Sendable {
  /// Name of the task, as users spell it.
  var name: String { get }

  /// Number of questions that will be put to the model.
  var questionCount: Int { get }

  /// Puts the questions to a model.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - report: Called with the number of questions that have been done since the last call.
  /// - Returns: What came out.
  /// - Throws: `FormatError` when the model's template or tokenizer lacks something.
  func run(on model: EvaluatedModel, report: (Int) -> Void) throws -> EvaluationResult
}
