import DevFTFederation
import Testing

@Suite("Learning rate over rounds")
struct LearningRateScheduleTests {
  @Test("follows OpenFedLLM's cosine, whose first round is its round 0")
  func golden() throws {
    let golden = try ServerStepGolden.load().roundCosine
    let schedule = LearningRateSchedule.roundCosine(
      initial: golden.initial,
      final: golden.final,
      roundCount: golden.rates.count
    )
    for (index, rate) in golden.rates.enumerated() {
      #expect(isClose(schedule.rate(round: index + 1), rate, within: Tolerance.doubleSums))
    }
    #expect(schedule.rate(round: 1) == golden.initial)
    #expect(schedule.rate(round: golden.rates.count + 5) == golden.final)
  }

  @Test("stays where it is when constant")
  func constant() {
    #expect(
      [1, 7, 400].map { LearningRateSchedule.constant(3e-4).rate(round: $0) } == [3e-4, 3e-4, 3e-4]
    )
  }
}
