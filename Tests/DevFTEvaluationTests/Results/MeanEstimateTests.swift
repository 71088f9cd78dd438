import DevFTEvaluation
import Testing

@Suite("Means and their standard errors")
struct MeanEstimateTests {
  @Test("the error is that of the sample standard deviation")
  func mean() {
    let estimate = MeanEstimate([1, 0, 0, 1, 1])
    #expect(estimate.value == 0.6)
    #expect(abs((estimate.standardError ?? 0) - 0.244_948_974_278) < 1e-9)
    #expect(MeanEstimate([3]).standardError == nil)
    #expect(MeanEstimate([]).value == 0)
  }

  // lm_eval.api.metrics.pooled_sample_stderr([0.244948974278, 0.25], [5, 4]) of lm-eval 0.4.13.
  @Test("groups weigh by their size, and their variances are pooled")
  func pooled() {
    let groups = [MeanEstimate([1, 0, 0, 1, 1]), MeanEstimate([0, 1, 0, 0])]
    let pooled = MeanEstimate(pooling: groups)
    #expect(abs(pooled.value - 4.0 / 9) < 1e-12)
    #expect(pooled.count == 9)
    #expect(abs((pooled.standardError ?? 0) - 0.175_932_887_637) < 1e-9)
    #expect(MeanEstimate(pooling: [MeanEstimate([1]), groups[0]]).standardError == nil)
  }

  @Test("a ratio of sums is no mean of ratios, and its error treats samples as clusters")
  func ratio() {
    let estimate = MeanEstimate(successes: [1, 2, 0], trials: [1, 3, 1])
    #expect(estimate.value == 0.6)
    // Residuals 0.4, 0.2, -0.6: √(3/2 · 0.56) / 5.
    #expect(abs((estimate.standardError ?? 0) - 0.183_303_027_798) < 1e-9)
    // One trial a sample: the plain error.
    let plain = MeanEstimate(successes: [1, 0, 0, 1, 1], trials: [1, 1, 1, 1, 1])
    #expect(
      abs((plain.standardError ?? 0) - (MeanEstimate([1, 0, 0, 1, 1]).standardError ?? 1)) < 1e-12
    )
  }
}
