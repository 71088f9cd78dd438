import Foundation
import Testing
import _DevFTTestSupport

@Suite("devft demo")
struct DemoTests {
  private static let answering = ["--set", "eval.generate=2"]

  @Test("runs with stages, without, and another file beside them; a second call finds the runs")
  func beside() async throws {
    let run = try TinyRun()
    let text = try String(contentsOfFile: run.configuration, encoding: .utf8)
    let other = try run.scratch.write(
      text.replacing(TinyRun.staged, with: "null").replacing("steps: 2", with: "steps: 3"),
      to: "longer.yaml"
    )
    let arguments =
      ["demo", run.configuration, "--beside", other, "--out", run.directory] + Self.answering
    let first = try await Devft.expectSuccess(arguments)
    let rows = first.lines.filter { $0.hasPrefix("| ") }.dropFirst(2).map {
      $0.split(separator: "|")[0].trimmingCharacters(in: .whitespaces)
    }
    #expect(rows == ["base model", "FedIT", "DevFT", "longer"])
    #expect(run.has("report.html") && run.has("longer/adapter"))
    let second = try await Devft.expectSuccess(arguments)
    #expect(second.errors.contains("longer: found the finished run") && second.lines == first.lines)
  }

  @Test("a file of other data, or of a name that is taken, is refused before anything runs")
  func refusals() async throws {
    let run = try TinyRun()
    let text = try String(contentsOfFile: run.configuration, encoding: .utf8)
    let shorter = text.replacing("max_length: 64", with: "max_length: 63")
    for (name, message) in [
      ("other.yaml", "expected model, data and eval.generate of"),
      ("fedit.yaml", "--beside: expected files with names of their own"),
    ] {
      let other = try run.scratch.write(shorter, to: name)
      let outcome = try await Devft.run(
        ["demo", run.configuration, "--beside", other, "--out", run.directory] + Self.answering
      )
      #expect(outcome.status != 0 && outcome.errors.contains(message), "\(outcome.errors)")
      #expect(!run.has("fedit"))
    }
  }
}
