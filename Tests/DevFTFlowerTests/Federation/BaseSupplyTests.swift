import Foundation
import Testing
import _DevFTTestSupport

@Suite(
  "A client without the base model",
  .enabled(if: FlowerProgram.isInstalled),
  .serialized
)
struct BaseSupplyTests {
  /// A model as a file of 4 bits a number, or as it is.
  private static func model(isQuantised: Bool, _ scratch: Scratch) async throws -> String {
    guard isQuantised else { return TinyChat.model }
    let path = scratch.path("tiny.gguf")
    let outcome = try await Program.run(
      Program.built("devft"),
      [
        "export", "--model", TinyChat.model, "--format", "gguf", "--quantise", "q4_1", "--out",
        path,
      ],
      scratch
    )
    try #require(outcome.status == 0, "\(outcome.text)")
    return path
  }

  @Test(
    "is sent each stage's layers once, and ends in the bytes of one that holds the file",
    arguments: [
      (false, ["memory.precision=bf16"]),
      (true, ["memory.precision=f32", "memory.weights=stored"]),
    ]
  )
  func sameBytes(isQuantised: Bool, settings: [String]) async throws {
    let federation = try await LoopbackFederation(clientCount: 2)
    let model = try await Self.model(isQuantised: isQuantised, federation.scratch)
    let configuration = try federation.configuration()
    let overrides = (settings + ["model=\(model)"]).flatMap { ["--set", $0] }
    let first = try federation.startClient(0, model: model)
    let cache = federation.scratch.path("cache")
    func serve(_ run: String) async throws {
      try await federation.expectSuccess(["run", "--superlink", federation.address, "--detach"])
      let outcome = try await federation.expectSuccess(
        [
          "serve", configuration, "--superlink", federation.address, "--out",
          federation.scratch.path(run),
        ] + overrides
      )
      #expect(outcome.text.contains("client 1: connected, without the base model"))
    }
    let second = try federation.startClient(1, cache: cache)
    try await serve("flower")
    let alone = try await Program.run(
      Program.built("devft"),
      ["simulate", configuration, "--out", federation.scratch.path("alone")] + overrides,
      federation.scratch
    )
    try #require(alone.status == 0, "\(alone.text)")
    #expect(try federation.adapter(of: "flower") == federation.adapter(of: "alone"))
    // Stages of two rounds each; one client of two is sent anything.
    let sent = federation.rounds(of: "flower").map { $0.bytes["base_down"] ?? -1 }
    try #require(sent.count == 4)
    #expect(sent[0] > 0 && sent[2] > 0 && sent[1] == 0 && sent[3] == 0)
    let sizes = try FileManager.default.contentsOfDirectory(atPath: cache).map {
      try Data(contentsOf: URL(fileURLWithPath: "\(cache)/\($0)")).count
    }
    #expect(Set(sizes) == [sent[0], sent[2]] && sizes.count == 2)
    // What is here is not sent again, whoever asks.
    second.kill()
    _ = await second.end()
    let again = try federation.startClient(1, cache: cache)
    try await serve("again")
    #expect(federation.rounds(of: "again").map { $0.bytes["base_down"] ?? -1 } == [0, 0, 0, 0])
    #expect(try federation.adapter(of: "again") == federation.adapter(of: "alone"))
    #expect(first.isRunning && again.isRunning)
  }
}
