import Foundation
import Testing
import _DevFTTestSupport

@Suite("devft bench")
struct BenchTests {
  private func measure(_ words: [String], model: String = TinyChat.model) async throws
    -> [String: Double]
  {
    let arguments = ["bench"] + words + ["--model", model, "--json"]
    let output = try await Devft.expectSuccess(arguments).output
    let object = try JSONSerialization.jsonObject(with: Data(output.utf8))
    let fields = try #require(object as? [String: Any])
    return fields.compactMapValues { $0 as? Double }
  }

  private let small = ["step", "--batch", "2", "--length", "16", "--rank", "2", "--steps", "2"]

  @Test("step gives rate, time, memory and operations")
  func step() async throws {
    let found = try await measure(small)
    let rate = try #require(found["tokens_per_second"])
    #expect(abs(rate * (found["step_seconds"] ?? 0) - 32) < 1e-6)
    for key in ["peak_rss_bytes", "gemm_flops", "share_of_peak", "start_seconds", "first_loss"] {
      #expect(found[key] ?? 0 > 0, "\(key)")
    }
  }

  @Test("step starts from the same loss however memory is spent")
  func modes() async throws {
    let plain = try await measure(small + ["--precision", "f32"])["first_loss"]
    for mode in [["--recompute"], ["--weights", "expanded"], ["--clients", "2"]] {
      #expect(try await measure(small + ["--precision", "f32"] + mode)["first_loss"] == plain)
    }
  }

  @Test("generate and score")
  func others() async throws {
    let answer = try await measure(["generate", "--prompt-tokens", "8", "--tokens", "4"])
    #expect(answer["prompt_tokens_per_second"] ?? 0 > 0)
    #expect(answer["generated_tokens_per_second"] ?? 0 > 0)
    let score = try await measure(["score", "--batch", "2", "--length", "8"])
    #expect(score["tokens_per_second"] ?? 0 > 0)
    #expect(score["loss"] ?? 0 > 0)
  }

  @Test("eval counts the questions of MMLU and agrees with devft eval on the right answers")
  func evaluation() async throws {
    let data = TinyChat.directory.deletingLastPathComponent().appendingPathComponent("evaluation")
    let found = try await measure(["eval", "--data-dir", data.path, "--precision", "f32"])
    let rate = try #require(found["questions_per_second"])
    #expect(found["questions"] == 7)
    #expect(abs(rate * (found["seconds"] ?? 0) - 7) < 1e-6)
    let scratch = try ScratchDirectory()
    let table = try await Devft.expectSuccess([
      "eval", "--model", TinyChat.model, "--data-dir", data.path, "--precision", "f32", "--tasks",
      "mmlu", "--out", scratch.path("out"),
    ])
    let accuracy = try #require(found["accuracy"])
    #expect(table.output.contains(String(format: "%.4f", accuracy)))
  }

  @Test("wrong numbers are refused with one clear line")
  func refusals() async throws {
    for (words, part) in [
      (["step", "--batch", "0"], "--batch"), (["step", "--capacity", "99"], "--capacity"),
      (["score", "--length", "1"], "--length"), (["generate", "--tokens", "1"], "--tokens"),
    ] {
      let outcome = try await Devft.run(["bench"] + words + ["--model", TinyChat.model])
      #expect(outcome.status != 0)
      #expect(outcome.lastErrorLine.contains(part))
    }
  }

  private static let smolLM2 =
    (ProcessInfo.processInfo.environment["DEVFT_MODELS"] ?? "models")
    + "/smollm2-135m-instruct.gguf"

  @Test(
    "the planner's memory is within a fifth of what a step takes",
    .enabled(if: FileManager.default.fileExists(atPath: smolLM2)),
    arguments: [
      ["--capacity", "4"], ["--capacity", "15", "--recompute"], ["--capacity", "30"],
      ["--capacity", "30", "--recompute"], ["--capacity", "8", "--weights", "expanded"],
    ]
  )
  func estimate(_ words: [String]) async throws {
    let shape = ["step", "--batch", "2", "--length", "256", "--steps", "2"]
    let found = try await measure(shape + words, model: Self.smolLM2)
    let estimate = try #require(found["estimated_rss_bytes"])
    let peak = try #require(found["peak_rss_bytes"])
    #expect(abs(estimate / peak - 1) < 0.2, "\(estimate / 1e6) MB, measured \(peak / 1e6) MB")
  }
}
