import DevFTFederation
import DevFTRuntime
import Foundation
import Testing
import _DevFTTestSupport

@Suite("Runs that a federation over machines does not carry")
struct RefusalTests {
  /// Methods whose tasks are an adapter and the stage alone.
  private static let carried: Set = [
    "fedit", "fedprox", "fedavgm", "fedadagrad", "fedyogi", "fedadam", "lora-fair", "flexlora",
    "hetlora", "dofit", "fedswa",
  ]

  /// All there are.
  private static let methodNames = FederatedMethods.all.map { $0.name }

  /// Prepares a run of a server, as `devft flower serve` does before it asks for a task.
  private static func prepare(
    _ method: String,
    _ scratch: Scratch,
    _ change: (inout RunConfiguration) -> Void = { _ in }
  ) throws {
    var configuration = RunConfiguration(model: TinyChat.model, dataPath: "elsewhere.jsonl")
    configuration.data.eval = TinyChat.heldOut
    configuration.data.maxLength = 64
    configuration.lora.rank = 4
    configuration.federation.clients = 3
    configuration.memory.precision = .f32
    configuration.federation.method = try #require(.init(rawValue: method))
    change(&configuration)
    struct Asked: Error {}
    _ = try Simulation(
      configuration,
      directory: RunDirectory(scratch.path("run")),
      clients: RemoteClients { _, _ in throw Asked() }
    ) { _ in }
  }

  /// The one line of a refusal; nothing has been written.
  private static func refusal(
    _ method: String,
    _ change: (inout RunConfiguration) -> Void = { _ in }
  ) throws -> String {
    let scratch = try Scratch()
    let error = #expect(throws: RunError.self) { try prepare(method, scratch, change) }
    #expect(error?.code == .unsupported)
    #expect(!FileManager.default.fileExists(atPath: scratch.path("run")))
    let message = error?.message ?? ""
    #expect(!message.contains("\n"))
    return message
  }

  @Test("every method is either carried or refused", arguments: methodNames)
  func methods(name: String) throws {
    if Self.carried.contains(name) { return try Self.prepare(name, Scratch()) }
    let message = try Self.refusal(name)
    #expect(message.hasPrefix("federation.method: expected one whose tasks carry all"))
    #expect(message.contains("got \(name), "))
  }

  @Test(
    "the refusal says why",
    arguments: [
      ("progfed", "run some of the layers"), ("top-growth", "run some of the layers"),
      ("chainfed", "run some of the layers"),
      ("fedpruner", "run some of the layers"), ("random-layers", "run some of the layers"),
      ("top-layers", "run some of the layers"), ("even-layers", "run some of the layers"),
      ("flora", "merges into the base"), ("fedex-lora", "merges into the base"),
      ("c2a", "train a hypernetwork"),
      ("scaffold", "remember something"), ("local-only", "remember something"),
      ("centralised", "do not train each on its own examples"),
    ]
  )
  func reason(method: String, text: String) throws {
    let message = try Self.refusal(method)
    #expect(message.contains(text), "\(message)")
  }

  @Test("domains by a field that the server does not see are refused")
  func domains() throws {
    let message = try Self.refusal("dofit") { $0.data.partition.field = "household" }
    #expect(message.hasPrefix("data.partition.field: expected none with dofit"))
  }

  @Test("differences on the wire are carried", arguments: [WireFormat.int8, .int4])
  func wire(format: WireFormat) throws {
    try Self.prepare("fedit", Scratch()) {
      ($0.network.uplinkFormat, $0.network.downlinkFormat) = (format, format)
    }
  }

  @Test("clients that stay away or are slow by a model are refused")
  func modelled() throws {
    let dropout = try Self.refusal("fedit") { $0.federation.dropout = 0.25 }
    #expect(dropout.hasPrefix("federation.dropout: expected 0"))
    #expect(dropout.hasSuffix("got 0.25"))
    let speed = try Self.refusal("fedit") { $0.devices.gigaflops = 50 }
    #expect(speed.hasPrefix("devices: expected none of its keys"))
    let deadline = try Self.refusal("fedit") { $0.devices.deadline = 60 }
    #expect(deadline == speed)
  }

  @Test("encoders are refused", arguments: EncoderCase.names)
  func encoder(name: String) throws {
    let message = try Self.refusal("fedit") { $0.model = EncoderCase.path("\(name)/model") }
    #expect(message.hasPrefix("model: expected a decoder"))
    #expect(message.contains("an encoder (\(name))"))
  }
}
