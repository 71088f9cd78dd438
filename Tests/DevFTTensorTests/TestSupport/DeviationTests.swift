import Testing
import _DevFTTestSupport

@Suite("Comparison with a tolerance")
struct DeviationTests {
  @Test("finds the worst element in units of what is allowed")
  func worst() {
    // Differences 0.5 of 1, 0.4 of 10 and 2 of 1000: relative to size the first is worst.
    let found = worstDeviation([1.5, 9.6, 1002], [1, 10, 1000], Tolerance(relative: 0.6))
    #expect(found?.index == 0)
    #expect(found?.isAllowed == true)
    let absolute = worstDeviation([1.5, 9.6, 1002], [1, 10, 1000], Tolerance(ofLargest: 1e-3))
    #expect(absolute?.index == 2)
    #expect(absolute?.isAllowed == false)
  }

  @Test("accepts equal numbers under no tolerance and nothing else")
  func exact() {
    #expect(worstDeviation([0, -3], [0, -3], .exact)?.isAllowed == true)
    #expect(worstDeviation([0, -3.0000001], [0, -3], .exact)?.isAllowed == false)
    #expect(worstDeviation([], [], .exact) == nil)
  }

  @Test("never accepts NaN or infinity in place of a number, nor the reverse")
  func nonFinite() {
    let loose = Tolerance(relative: 1e9, ofLargest: 1e9)
    #expect(worstDeviation([1, .nan], [1, 2], loose)?.isAllowed == false)
    #expect(worstDeviation([.infinity, 1], [1, 1], loose)?.isAllowed == false)
    #expect(worstDeviation([1], [.nan], loose)?.isAllowed == false)
    #expect(worstDeviation([.nan, .infinity], [.nan, .infinity], .exact)?.isAllowed == true)
  }

  @Test("reports a failure with its position and values")
  func report() {
    withKnownIssue {
      expectClose([1, 2, 3.5], [1, 2, 3], .elementwise, "ramp")
    } matching: { issue in
      "\(issue)".contains("ramp worst element 2: 3.5 instead of 3.0")
    }
    withKnownIssue { expectClose([1, 2], [1, 2, 3], .elementwise) }
  }
}

@Suite("Central differences")
struct GradientCheckTests {
  @Test("find the gradient of a function whose gradient is known")
  func cubic() {
    let point = [0.3, -1.2, 2]
    let found = centralDifferences(at: point) { x in x[0] * x[0] * x[1] + x[2] * x[2] * x[2] }
    let expected = [2 * 0.3 * -1.2, 0.09, 12]
    expectClose(found, expected, Tolerance(relative: 1e-8))
  }

  @Test("weigh every output by its own factor")
  func factors() {
    #expect(innerProduct([1, 2, 3], [0.5, -1, 2]) == 4.5)
  }
}
