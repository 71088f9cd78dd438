import ArgumentParser
import DevFTEvaluation
import DevFTFormats
import DevFTModel
import DevFTRuntime
import DevFTTraining
import Foundation

/// Mean loss over all target tokens of a file.
struct LossCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "loss",
    abstract: "Measure the mean loss over all target tokens of a file."
  )

  @OptionGroup var options: ModelOptions

  @Option(help: "Directory of a PEFT adapter.")
  var adapter: String?

  @Option(help: "JSONL file, also .gz.")
  var data: String

  @Option(help: "Most tokens of an example; 2048 or the model's context without it.")
  var maxLength: Int?

  @Option(help: "Measure on the first examples only.")
  var limit: Int?

  @Flag(help: "Print one line of JSON.")
  var json = false

  func validate() throws {
    if let maxLength, !(2...1_048_576).contains(maxLength) {
      throw ValidationError("--max-length: expected 2 to 1048576, got \(maxLength)")
    }
    if let limit, limit < 1 {
      throw ValidationError("--limit: expected at least 1, got \(limit)")
    }
  }

  func run() throws {
    let model = try options.load()
    let length = try model.length(maxLength, standard: 2048, key: "--max-length")
    let examples = try ExamplesReader.examples(in: data).prefix(limit ?? Int.max)
    let encoder = model.encoder(maximumLength: length, overLong: .error)
    let sequences = try encoder.sequences(of: Array(examples), source: data).compactMap(\.self)
    let decoder = try model.decoder(precision: options.precision, maximumLength: length)
    let operands = try model.operands(adapter: adapter, for: decoder)
    let loss = HeldOutLoss.measure(decoder, adapter: operands, sequences: sequences, report: show)
    guard loss.sum.isFinite else {
      throw RunError(.nonFinite, "\(data): expected a finite loss, got \(loss.mean)")
    }
    if json {
      print(
        "{\"loss\":\(loss.mean),\"tokens\":\(loss.targetCount),\"examples\":\(sequences.count)}"
      )
    } else {
      print("loss \(loss.mean) nats over \(loss.targetCount) tokens of \(sequences.count) examples")
    }
  }

  /// The share that is done, on a terminal.
  private func show(_ share: Double) {
    guard isatty(2) == 1 else { return }
    let text = share < 1 ? "\r\(Int(share * 100)) %" : "\r     \r"
    FileHandle.standardError.write(Data(text.utf8))
  }
}
