import DevFTTraining
import Testing

/// Reference: `get_cosine_schedule_with_warmup`, `get_linear_schedule_with_warmup` and
/// `get_cosine_with_min_lr_schedule_with_warmup` of transformers 5.23, ten steps from 3e-4.
@Suite("Learning rates against transformers")
struct StepScheduleTests {
  private func rates(_ schedule: StepSchedule) -> [Double] { (0..<10).map(schedule.rate) }

  private func expectClose(_ rates: [Double], _ expected: [Double]) {
    #expect(rates.count == expected.count)
    #expect(zip(rates, expected).allSatisfy { abs($0 - $1) < 1e-15 })
  }

  @Test("cosine, linear, cosine to a lowest rate")
  func curves() {
    expectClose(
      rates(StepSchedule(shape: .cosine, peak: 3e-4, stepCount: 10)),
      [
        0.0003, 0.00029265847744427303, 0.0002713525491562421, 0.00023816778784387094,
        0.0001963525491562421, 0.00015, 0.0001036474508437579, 6.183221215612904e-05,
        2.8647450843757897e-05, 7.34152255572697e-06,
      ]
    )
    expectClose(
      rates(StepSchedule(shape: .linear, peak: 3e-4, stepCount: 10)),
      (0..<10).map { 3e-4 - 3e-5 * Double($0) }
    )
    expectClose(
      rates(StepSchedule(shape: .cosine, peak: 3e-4, final: 3e-5, stepCount: 10)),
      [
        0.0003, 0.0002933926296998457, 0.00027421729424061787, 0.00024435100905948387,
        0.00020671729424061788, 0.000165, 0.00012328270575938212, 8.564899094051614e-05,
        5.578270575938211e-05, 3.660737030015427e-05,
      ]
    )
    expectClose(
      rates(StepSchedule(shape: .constant, peak: 3e-4, final: 1e-5, stepCount: 10)),
      Array(repeating: 3e-4, count: 10)
    )
  }

  // Differs from transformers in the climb alone: theirs begins with a step of rate 0, which learns
  // nothing; ours is one step ahead of it. From the end of the climb on both are the same.
  @Test("a climb reaches the peak with its last step, and the curves then go on as usual")
  func warmup() {
    let climb = [7.5e-5, 1.5e-4, 2.25e-4, 3e-4]
    expectClose(
      rates(StepSchedule(shape: .cosine, peak: 3e-4, warmupSteps: 4, stepCount: 10)),
      climb + [
        0.0003, 0.0002799038105676658, 0.000225, 0.00015, 7.500000000000002e-05,
        2.009618943233419e-05,
      ]
    )
    expectClose(
      rates(StepSchedule(shape: .linear, peak: 3e-4, warmupSteps: 4, stepCount: 10)),
      climb + [3e-4, 2.5e-4, 2e-4, 1.5e-4, 1e-4, 5e-5]
    )
    expectClose(
      rates(StepSchedule(shape: .constant, peak: 3e-4, warmupSteps: 4, stepCount: 10)),
      climb + Array(repeating: 3e-4, count: 6)
    )
  }

  @Test("no rate is above the peak or below the final one", arguments: StepSchedule.Shape.allCases)
  func bounds(shape: StepSchedule.Shape) {
    for warmup in [0, 1, 3, 20] {
      let schedule = StepSchedule(
        shape: shape,
        peak: 2e-3,
        final: 1e-4,
        warmupSteps: warmup,
        stepCount: 12
      )
      for step in 0..<40 {
        let rate = schedule.rate(at: step)
        #expect(rate > 0 && rate <= 2e-3)
        if step >= warmup { #expect(rate >= 1e-4) }
      }
    }
  }
}
