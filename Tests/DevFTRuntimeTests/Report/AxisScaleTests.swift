import Testing

@testable import DevFTRuntime

@Suite("Axis scale")
struct AxisScaleTests {
  @Test(
    "ticks are round numbers that enclose the values",
    arguments: [
      ([0.21, 2.4], ["0.0", "0.5", "1.0", "1.5", "2.0", "2.5"]),
      ([12.0, 88], ["0", "20", "40", "60", "80", "100"]),
      ([1.41, 1.47], ["1.40", "1.42", "1.44", "1.46", "1.48"]),
      ([0.0, 12], ["0.0", "2.5", "5.0", "7.5", "10.0", "12.5"]),
      ([-3.0, 4], ["−4", "−2", "0", "2", "4"]),
    ]
  )
  func linear(values: [Double], labels: [String]) {
    let scale = AxisScale(fitting: values)
    #expect(scale.ticks.map(scale.label) == labels)
    #expect(values.allSatisfy(scale.bounds.contains))
    #expect(!scale.isLogarithmic)
  }

  @Test("rounds end at the last one and have whole ticks")
  func rounds() {
    let scale = AxisScale(fitting: [0, 43], wholeSteps: true)
    #expect(scale.bounds == 0...43)
    #expect(scale.ticks.map(scale.label) == ["0", "10", "20", "30", "40"])
    let few = AxisScale(fitting: [0, 2], wholeSteps: true)
    #expect(few.ticks.map(few.label) == ["0", "1", "2"])
  }

  @Test("values that span more than a factor of twelve may be logarithmic")
  func logarithmic() {
    let scale = AxisScale(fitting: [0.2, 11], mayBeLogarithmic: true)
    #expect(scale.isLogarithmic)
    #expect(scale.ticks.map(scale.label) == ["0.2", "0.5", "1", "2", "5", "10"])
    let middle = scale.position(2) - scale.position(1)
    #expect(abs(middle - (scale.position(10) - scale.position(5))) < 1e-12)
    #expect(!AxisScale(fitting: [0, 11], mayBeLogarithmic: true).isLogarithmic)
    #expect(!AxisScale(fitting: [1, 11], mayBeLogarithmic: true).isLogarithmic)
  }

  @Test(
    "degenerate values give a usable axis",
    arguments: [[], [0], [3], [-2], [.nan], [1e-300, 1e299], [5, 5 + 1e-15], [-1e299, 1e299]]
  )
  func degenerate(values: [Double]) {
    for whole in [false, true] {
      for log in [false, true] {
        let scale = AxisScale(fitting: values, mayBeLogarithmic: log, wholeSteps: whole)
        #expect(scale.ticks.count < 700)
        for value in values where value.isFinite { #expect(scale.position(value).isFinite) }
        for tick in scale.ticks { #expect(!scale.label(tick).isEmpty) }
      }
    }
  }

  @Test("a line is interrupted where a number is missing, and lower losses lie lower")
  func drawing() throws {
    let points = [(x: 0.0, y: 2.0), (x: 1, y: .nan), (x: 2, y: 1.0), (x: 3, y: 0.0)]
    let line = LineChart.Line(name: "a & b", colour: 0, points: points)
    let chart = LineChart(title: "t", xTitle: "x", yTitle: "y", lines: [line])
    let html = chart.figure.html
    #expect(html.contains("d=\"M54 30M356.7 151L508 272\""))
    #expect(html.contains("a &amp; b: 1.0000 at 2"))
  }
}
