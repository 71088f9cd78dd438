import DevFTTensor
import Testing
import _DevFTTestSupport

@testable import DevFTFederation

@Suite("Slow devices and deadlines")
struct DeviceModelTests {
  private let devices = DeviceModel(
    operationsPerSecond: 2e9,
    slowShare: 0.3,
    slowFactor: 5,
    seed: 7
  )

  @Test("the same clients are slow in every run of a seed, as many as the share says")
  func share() {
    let slow = (0..<2000).filter(devices.isSlow)
    #expect((540...660).contains(slow.count))
    let other = DeviceModel(operationsPerSecond: 1, slowShare: 0.3, slowFactor: 9, seed: 7)
    #expect((0..<2000).filter(other.isSlow) == slow)
    let reseeded = DeviceModel(operationsPerSecond: 1, slowShare: 0.3, slowFactor: 9, seed: 8)
    #expect((0..<2000).filter(reseeded.isSlow) != slow)
  }

  @Test("a slow device takes its factor of the time")
  func time() throws {
    let slow = try #require((0..<99).first(where: devices.isSlow))
    let quick = try #require((0..<99).first { !devices.isSlow($0) })
    #expect(devices.computeTime(of: 3e9, client: quick) == .milliseconds(1500))
    #expect(devices.computeTime(of: 3e9, client: slow) == .milliseconds(7500))
  }

  @Test("an answer past the deadline is refused, but its bytes and its work are counted")
  func deadline() throws {
    let slow = try #require((0..<99).first(where: devices.isSlow))
    let quick = try #require((0..<99).first { !devices.isSlow($0) })
    func outcome(_ deadline: Duration?, cohort: [Int]) throws -> RoundOutcome {
      let federation = Federation(
        method: FedIT(),
        network: try NetworkModel(uplinkMbps: 8, downlinkMbps: 8),
        devices: devices,
        deadline: deadline
      )
      return try federation.runRound(
        plan(cohort: cohort),
        from: FederatedState(global: fixedAdapter()),
        over: EchoLink(operationCount: 3e9)
      )
    }
    let free = try outcome(nil, cohort: [quick, slow])
    let bytes = try #require(free.meters.clients[slow]?.traffic)
    // A microsecond a byte, both ways.
    let transfer = Duration.microseconds(bytes.up + bytes.down)
    #expect(free.rejected.isEmpty && free.meters.roundTime == .milliseconds(7500) + transfer)
    let late = try outcome(.seconds(2), cohort: [quick, slow])
    #expect(late.rejected.map(\.reason) == [.late] && late.rejected[0].client == slow)
    #expect(late.rejected[0].message.contains("within 2.0 s of modelled time"))
    #expect(late.reports.keys.sorted() == [quick] && late.skipReason == nil)
    #expect(late.meters.clients == free.meters.clients)
    #expect(late.meters.operationCount == 6e9 && late.meters.roundTime == .seconds(2))
    #expect(try outcome(.seconds(2), cohort: [slow]).skipReason?.code == .quorumMissed)
  }
}
