import DevFTFederation
import DevFTTensor
import Foundation
import Testing
import _DevFTTestSupport

@Suite("Meters")
struct RoundMetersTests {
  private func meters(_ factor: Int) -> RoundMeters {
    RoundMeters(
      clients: [
        1: ClientMeters(
          traffic: Traffic(
            loraUp: factor,
            loraDown: 2 * factor,
            baseDown: 3 * factor,
            aux: 5 * factor
          ),
          computeTime: .nanoseconds(1_234_567_891 * factor),
          peakByteCount: 7 * factor
        ),
        3 + factor: ClientMeters(computeTime: .milliseconds(300)),
      ],
      serverTime: .microseconds(11 * factor),
      transferTime: .seconds(factor)
    )
  }

  @Test("add client by client, with the larger of the memories; zero changes nothing")
  func addition() {
    let sum = meters(1) + meters(10)
    #expect(sum.clients.keys.sorted() == [1, 4, 13])
    #expect(sum.traffic == Traffic(loraUp: 11, loraDown: 22, baseDown: 33, aux: 55))
    #expect(sum.clients[1]?.computeTime == .nanoseconds(1_234_567_891 * 11))
    #expect(sum.computeTime == .nanoseconds(1_234_567_891 * 11) + .milliseconds(600))
    #expect(sum.peakByteCount == 70)
    #expect(sum.serverTime == .microseconds(121))
    #expect(sum.transferTime == .seconds(11))
    #expect(meters(3) + RoundMeters() == meters(3))
    #expect(meters(1) + meters(10) == meters(10) + meters(1))
  }

  @Test("record the counters by their names and times in seconds, and read back the same")
  func record() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let data = try encoder.encode(meters(2))
    let text = String(decoding: data, as: UTF8.self)
    #expect(
      text.contains(#""bytes":{"aux":10,"aux_up":0,"base_down":6,"lora_down":4,"lora_up":2}"#)
    )
    #expect(text.contains(#""compute_seconds":2.469135782"#))
    #expect(try JSONDecoder().decode(RoundMeters.self, from: data) == meters(2))
  }

  @Test("refuse a record with a negative time")
  func badRecord() {
    let text = #"{"clients":{},"server_seconds":-1,"transfer_seconds":0}"#
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(RoundMeters.self, from: Data(text.utf8))
    }
  }

  @Test("of a round take compute and memory from the reports, transfer from the slowest client")
  func ofRound() throws {
    let network = try NetworkModel(uplinkMbps: 1, downlinkMbps: 4)
    let federation = Federation(method: FedIT(), network: network)
    let outcome = try federation.runRound(
      plan(cohort: [1, 4], shipments: [4: Traffic(baseDown: 1000)]),
      from: .init(global: fixedAdapter()),
      over: InProcessLink(workerCount: 1, trainer: NoOpTrainer())
    )
    let meters = outcome.meters
    #expect(
      meters.clients.mapValues(\.computeTime) == [1: .milliseconds(20), 4: .milliseconds(50)]
    )
    #expect(meters.clients.mapValues(\.peakByteCount) == [1: 2000, 4: 5000])
    #expect(meters.serverTime > .zero)
    // 456 bytes up at 1 bit a microsecond, 1456 down at 4.
    #expect(meters.transferTime == .microseconds(456 * 8 + 1456 * 2))
  }

  @Test("refuse a bandwidth of nothing", arguments: [0, -1, .nan, .infinity])
  func bandwidth(rate: Double) {
    let error = federationError { _ = try NetworkModel(uplinkMbps: 1, downlinkMbps: rate) }
    #expect(error?.code == .invalidSetting)
  }
}
