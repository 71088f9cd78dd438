import DevFTEvaluation
import DevFTFormats
import DevFTModel
import Foundation

/// The benchmarks of `eval.tasks`, read before training begins.
struct RunBenchmarks {
  private let benchmarks: [any Benchmark]
  private let model: LoadedModel
  private let maximumLength: Int
  /// SHA-256 of the questions' files; `nil` without benchmarks.
  let sha256: String?

  /// Reads and checks all questions.
  ///
  /// - Parameters:
  ///   - configuration: The run.
  ///   - model: Tokenizer and template.
  /// - Throws: `RunError` or `FormatError` when a file is missing or broken, or the model cannot answer.
  init(_ configuration: RunConfiguration, model: LoadedModel) throws {
    self.model = model
    let (eval, architecture) = (configuration.eval, model.file.architecture)
    if !eval.tasks.isEmpty, let encoder = architecture.encoder {
      throw RunError(
        .unsupported,
        "eval.tasks: expected none, since an encoder (\(encoder.family)) answers no questions, got "
          + eval.tasks.map(\.rawValue).joined(separator: ", ")
      )
    }
    let data = EvaluationData(eval.dataDirectory)
    benchmarks = try eval.tasks.map {
      try $0.benchmark(data: data, options: BenchmarkOptions(limit: eval.limit))
    }
    maximumLength = min(EvaluationRun.standardLength, architecture.contextLength)
    let digests = try eval.tasks.flatMap(\.files).filter { $0.substitute == nil }
      .map { try FileDigest.sha256(of: data.path(of: $0)) }
    sha256 = digests.isEmpty ? nil : FileDigest.sha256(of: Data(digests.joined().utf8))
  }

  /// Whether there is nothing to ask.
  var isEmpty: Bool { benchmarks.isEmpty }

  /// Puts the questions to a model with several adapters.
  ///
  /// - Parameters:
  ///   - decoder: The full model.
  ///   - adapters: The adapters, at least one.
  /// - Returns: The main number of each benchmark by task, the mean over the adapters.
  /// - Throws: `FormatError` when the model's longest sequence cannot hold an answer.
  func results(of decoder: Decoder, with adapters: [AdapterOperands]) throws -> [String: Double] {
    let decoder = decoder.covering(maximumLength: maximumLength)
    var results: [String: Double] = [:]
    for adapter in adapters {
      let evaluated = EvaluatedModel(
        decoder: decoder,
        adapter: adapter,
        tokenizer: model.tokenizer,
        template: model.template,
        stopTokens: model.stopTokens
      )
      for benchmark in benchmarks {
        let value = try benchmark.run(on: evaluated) { _ in }.metrics[0].estimate.value
        results[benchmark.name, default: 0] += value / Double(adapters.count)
      }
    }
    return results
  }
}
