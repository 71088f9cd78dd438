import DevFTFormats
import Foundation
import Testing

@testable import DevFTEvaluation

@Suite("Instructions against lm-evaluation-harness")
struct InstructionGoldenTests {
  private struct Line: Decodable {
    var response: String
    /// By the key of the prompt, each of one instruction.
    var strict: [String: Bool]
    var loose: [String: Bool]
  }

  private func lines() throws -> [Line] {
    try String(
      contentsOfFile: EvaluationFixture.path("ifeval.expected.jsonl"),
      encoding: .utf8
    ).split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
  }

  // The harness has a trained splitter and language profiles; here short lists take their place, which the
  // texts of this file do not tell apart.
  @Test("all 25 kinds, over answers of which many are odd")
  func verdicts() throws {
    let prompts = try JSONRow.all(in: EvaluationFixture.path("ifeval/input_data.jsonl"))
      .map { try InstructedPrompt($0) }
    #expect(Set(prompts.flatMap(\.names)).count == 25)
    let checker = try InstructionChecker()
    var (followed, count) = (0, 0)
    for line in try lines() {
      for prompt in prompts {
        guard let strict = line.strict[prompt.id], let loose = line.loose[prompt.id] else {
          continue
        }
        let verdict = prompt.verdict(on: line.response, checker)
        #expect(verdict.strict == [strict], "\(prompt.names) \(line.response)")
        #expect(verdict.loose == [loose], "\(prompt.names) \(line.response)")
        followed += strict ? 1 : 0
        count += 1
      }
    }
    // Both verdicts occur often.
    #expect(count > 1000)
    #expect(followed > count / 8 && followed < count * 7 / 8)
  }

  @Test(
    "rows with something missing name file, line and key",
    arguments: [
      (#"{"prompt":"p","instruction_id_list":[],"kwargs":[]}"#, "key \"key\": expected a number"),
      (
        #"{"key":1,"prompt":"p","instruction_id_list":["punctuation:no_comma"],"kwargs":[]}"#,
        "key \"kwargs\": expected 1 objects"
      ),
      (
        #"{"key":1,"prompt":"p","instruction_id_list":["a:b"],"kwargs":[{}]}"#,
        "expected one of the 25 instructions of IFEval, got \"a:b\""
      ),
      (
        #"{"key":1,"prompt":"p","instruction_id_list":["keywords:frequency"],"kwargs":[{"keyword":"x"}]}"#,
        "kwargs of keywords:frequency.relation"
      ),
      (
        #"{"key":1,"prompt":"p","instruction_id_list":["keywords:existence"],"kwargs":[{"keywords":["("]}]}"#,
        "a valid regular expression"
      ),
    ]
  )
  func broken(row: String, message: String) throws {
    let row = try JSONRow(Array(row.utf8)[...], path: "rows.jsonl", line: 3)
    let error = #expect(throws: FormatError.self) { try InstructedPrompt(row) }
    #expect(error?.description.hasPrefix("rows.jsonl:3: ") == true)
    #expect(error?.description.contains(message) == true)
  }
}
