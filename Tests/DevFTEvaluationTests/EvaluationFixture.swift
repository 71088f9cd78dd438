import DevFTFormats
import DevFTModel
import DevFTTensor
import Foundation
import Testing
import _DevFTTestSupport

@testable import DevFTEvaluation

/// A tiny model, small benchmarks of the project's own, and what lm-evaluation-harness made of them
/// (`tools/check_benchmarks.py run --max-length 2048 --own-prompts`).
enum EvaluationFixture {
  static let directory = TinyChat.directory.deletingLastPathComponent()
    .appendingPathComponent("evaluation")

  static func path(_ name: String) -> String { directory.appendingPathComponent(name).path }

  /// An answer of the harness.
  struct Expected: Decodable {
    var id: String
    var group: String
    var scores: [Double]?
    var text: String?
    var acc: Double
  }

  static func expected(_ task: String) throws -> [Expected] {
    try String(contentsOfFile: path("\(task).expected.jsonl"), encoding: .utf8)
      .split(separator: "\n")
      .map { try JSONDecoder().decode(Expected.self, from: Data($0.utf8)) }
  }

  static func model() throws -> EvaluatedModel {
    let file = try openModelFile(at: TinyChat.model)
    let tokenizer = try Tokenizer(file.tokenizerSource)
    let decoder = try Decoder(file, precision: .float32, maximumLength: 2048)
    return EvaluatedModel(
      decoder: decoder,
      adapter: decoder.operands([], scale: 1),
      tokenizer: tokenizer,
      template: try #require(try ChatTemplate.recognise(in: file.tokenizerSource)),
      stopTokens: [Int32(try #require(tokenizer.eosID))]
    )
  }
}
