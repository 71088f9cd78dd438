import Foundation
import Testing
import _DevFTTestSupport

/// A SuperLink and SuperNodes on this machine, each a process of its own that ends with the test.
final class LoopbackFederation {
  let scratch: Scratch
  /// Files of the clients' examples.
  let shares: [String]
  private let environment: [String: String]
  private let superlinkPort: Int
  private let nodePorts: [Int]
  private(set) var superlink: Program?
  private(set) var nodes: [Program?]
  /// Certificates, keys and the secret; `nil` for plain HTTP.
  let security: SecurityFiles?

  /// Starts SuperLink and SuperNodes, and splits the tiny chat rows over as many files.
  init(clientCount: Int, isSecured: Bool = false) async throws {
    scratch = try Scratch()
    security = isSecured ? try await SecurityFiles(scratch, clientCount: clientCount) : nil
    environment = [
      "FLWR_HOME": scratch.path("home"), "FLWR_TELEMETRY_ENABLED": "0",
      "FLWR_DISABLE_UPDATE_CHECK": "1",
    ]
    try FileManager.default.createDirectory(
      atPath: scratch.path("home"),
      withIntermediateDirectories: true
    )
    let ports = try freePorts(clientCount + 1)
    (superlinkPort, nodePorts) = (ports[0], Array(ports.dropFirst()))
    nodes = Array(repeating: nil, count: clientCount)
    let split = try await Program.run(
      Program.built("devft"),
      [
        "data", "split", TinyChat.train, "--kind", "iid", "--clients", "\(clientCount)", "--seed",
        "5", "--out", scratch.path("data"),
      ],
      scratch
    )
    try #require(split.status == 0, "\(split.text)")
    shares = Self.paths(clientCount, in: scratch)
    try startSuperLink()
    try await answer(on: superlinkPort)
    if let security { try await register(clientCount, security) }
    for index in 0..<clientCount { try startNode(index) }
    for port in nodePorts { try await answer(on: port) }
  }

  private static func paths(_ count: Int, in scratch: Scratch) -> [String] {
    (0..<count).map { scratch.path("data/client-\($0).jsonl") }
  }

  /// Address of the SuperLink.
  var address: String { "127.0.0.1:\(superlinkPort)" }

  /// Address of a SuperNode.
  func nodeAddress(_ index: Int) -> String { "127.0.0.1:\(nodePorts[index])" }

  func startSuperLink() throws {
    let security = security.map { ["--enable-supernode-auth"] + $0.server } ?? ["--insecure"]
    superlink = try Program(
      FlowerProgram.path("flower-superlink"),
      security + [
        "--host", "127.0.0.1", "--port", "\(superlinkPort)", "--isolation", "process",
        "--database", scratch.path("home/state.db"),
      ],
      scratch,
      environment: environment
    )
  }

  /// Starts a SuperNode, with another's key if asked to.
  func startNode(_ index: Int, key: Int? = nil) throws {
    let security =
      security.map {
        [
          "--root-certificates", $0.authority, "--auth-supernode-private-key",
          $0.key(key ?? index),
        ] + $0.server
      } ?? ["--insecure"]
    nodes[index] = try Program(
      FlowerProgram.path("flower-supernode"),
      security + [
        "--superlink", address, "--isolation", "process", "--host", "127.0.0.1", "--port",
        "\(nodePorts[index])", "--node-config", "partition-id=\(index)",
      ],
      scratch,
      environment: environment
    )
  }

  /// Makes the keys of the clients' SuperNodes known to the SuperLink.
  private func register(_ count: Int, _ security: SecurityFiles) async throws {
    try scratch.write(
      """
      [superlink]
      default = "local"

      [superlink.local]
      address = "\(address)"
      root-certificates = "\(security.authority)"
      """,
      to: "home/config.toml"
    )
    for index in 0..<count {
      let outcome = try await Program(
        FlowerProgram.path("flwr"),
        ["supernode", "register", security.key(index) + ".pub", "local"],
        scratch,
        environment: environment
      ).end()
      try #require(outcome.status == 0, "\(outcome.text)")
    }
  }

  /// Options of our programs: authority and secret.
  var options: [String] {
    security.map { ["--root-certificates", $0.authority, "--secret-file", $0.secret] } ?? []
  }

  /// Starts a client of a SuperNode.
  ///
  /// - Parameters:
  ///   - index: Number of the client.
  ///   - data: Its examples; its share by default.
  ///   - model: Its model; the tiny one by default.
  ///   - cache: Where it keeps files of stages, of a client that holds no model.
  ///   - isIdle: Whether it trains nothing.
  /// - Returns: The client.
  /// - Throws: When it cannot be started.
  func startClient(
    _ index: Int,
    data: String? = nil,
    model: String? = nil,
    cache: String? = nil,
    isIdle: Bool = false
  ) throws -> Program {
    let base = cache.map { ["--without-model", "--cache", $0] }
    return try flower(
      ["client", "--runtime", nodeAddress(index), "--data", data ?? shares[index]]
        + (base ?? ["--model", model ?? TinyChat.model])
        + (isIdle ? ["--no-training"] : []) + options
    )
  }

  /// Starts `devft-flower`.
  func flower(_ arguments: [String]) throws -> Program {
    try Program(Program.built("devft-flower"), arguments, scratch)
  }

  /// Runs `devft-flower` to its end and expects success.
  @discardableResult
  func expectSuccess(_ arguments: [String]) async throws -> Program.Outcome {
    let outcome = try await flower(arguments).end()
    try #require(outcome.status == 0, "\(arguments.joined(separator: " ")): \(outcome.text)")
    return outcome
  }

  /// Writes a configuration of two stages of two rounds with all clients in each.
  func configuration(_ name: String = "run", extra: String = "min_clients: 1") throws -> String {
    try scratch.write(
      """
      seed: 5
      model: \(TinyChat.model)
      data:
        path: \(TinyChat.train)
        eval: \(TinyChat.heldOut)
        partition: { kind: iid }
        max_length: 64
      lora: { rank: 4, alpha: 8, targets: [q, v, down] }
      federation: { clients: \(shares.count), clients_per_round: \(shares.count), rounds: 4, \(extra) }
      local: { steps: 2, batch: 4, learning_rate: 1e-2, final_learning_rate: 1e-3 }
      stages: { construction: paper, capacities: [3, 6] }
      memory: { precision: f32 }
      eval: { every: 0 }
      """,
      to: "\(name).yaml"
    )
  }

  /// Bytes of a run's final adapter.
  func adapter(of run: String) throws -> Data {
    try Data(
      contentsOf: URL(fileURLWithPath: scratch.path("\(run)/adapter/adapter_model.safetensors"))
    )
  }

  /// The `bytes` of each round's record, as canonical JSON.
  func bytesByRound(of run: String) throws -> [Data] {
    let file = URL(fileURLWithPath: scratch.path("\(run)/metrics.jsonl"))
    return try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")).map { line in
      let record = try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
      let bytes = try #require(record["bytes"])
      return try JSONSerialization.data(withJSONObject: bytes, options: [.sortedKeys])
    }
  }

  /// Waits until something holds, some minutes at most.
  func wait(
    _ what: String,
    seconds: Int = 300,
    for condition: () throws -> Bool,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    for _ in 0..<10 * seconds {
      if try condition() { return }
      try await Task.sleep(for: .milliseconds(100))
    }
    Issue.record("waited in vain until \(what)", sourceLocation: sourceLocation)
    throw CancellationError()
  }

  private func answer(on port: Int) async throws {
    try await wait("port \(port) answers") { isOpen(port) }
  }
}

/// Whether somebody listens on a port of this machine.
private func isOpen(_ port: Int) -> Bool {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(descriptor) }
  return withAddress(port: port) { connect(descriptor, $0, $1) } == 0
}

/// Ports of this machine that nobody listens on.
private func freePorts(_ count: Int) throws -> [Int] {
  var sockets: [Int32] = []
  defer { for socket in sockets { close(socket) } }
  return (0..<count).map { _ in
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    sockets.append(descriptor)
    _ = withAddress(port: 0) { bind(descriptor, $0, $1) }
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = getsockname(descriptor, $0, &size)
      }
    }
    return Int(UInt16(bigEndian: address.sin_port))
  }
}

/// Calls a function with an address of this machine.
private func withAddress(
  port: Int,
  _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
) -> Int32 {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = UInt16(port).bigEndian
  address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
  return withUnsafePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
}
