import Foundation

/// Maps the values of one axis to positions and finds its ticks.
struct AxisScale: Equatable {
  /// Smallest and largest value shown.
  private(set) var bounds: ClosedRange<Double>
  /// Whether equal ratios, not equal differences, take equal lengths.
  private(set) var isLogarithmic: Bool
  /// The values with a label.
  private(set) var ticks: [Double]

  /// Fits an axis to values and rounds its ends to ticks.
  ///
  /// - Parameters:
  ///   - values: What is shown; those that cannot be presented do not count.
  ///   - startsAtZero: Whether zero is part of the axis.
  ///   - mayBeLogarithmic: Whether values that span more than a factor of twelve are logarithmic.
  ///   - wholeSteps: Whether ticks are whole numbers.
  init(
    fitting values: [Double],
    startsAtZero: Bool = false,
    mayBeLogarithmic: Bool = false,
    wholeSteps: Bool = false
  ) {
    let finite = values.filter(\.isPresentable)
    let low = startsAtZero ? min(0, finite.min() ?? 0) : finite.min() ?? 0
    let high = finite.max() ?? 1
    isLogarithmic = mayBeLogarithmic && low > 1e-15 && high / low > 12
    if isLogarithmic {
      ticks = Self.logarithmicTicks(low, high)
      bounds = low * 0.9...high * 1.1
      return
    }
    ticks = Self.linearTicks(low, high, wholeSteps: wholeSteps)
    // An axis of whole steps, rounds, ends at its last value; others end at a tick.
    bounds = wholeSteps && low < high ? low...high : (ticks.first ?? low)...(ticks.last ?? high)
    ticks = ticks.filter(bounds.contains)
  }

  /// Where a value lies: 0 at the lower end, 1 at the upper one.
  func position(_ value: Double) -> Double {
    let (low, high) = (bounds.lowerBound, bounds.upperBound)
    guard high > low else { return 0.5 }
    return isLogarithmic ? log(value / low) / log(high / low) : (value - low) / (high - low)
  }

  /// The label of a tick, with as many decimals as the ticks' distance needs.
  func label(_ tick: Double) -> String {
    let step = isLogarithmic || ticks.count < 2 ? abs(tick) : ticks[1] - ticks[0]
    let decimals = step > 0 ? max(0, min(9, Int((-log10(step) - 1e-9).rounded(.up)))) : 0
    let isWhole = abs(tick - tick.rounded()) < step * 1e-6 && isLogarithmic
    // Steps of 2.5 need one decimal more than their power of ten says.
    let digits = String(format: "%.\(decimals)f", step)
    let isExact = abs((Double(digits) ?? 0) - step) < step * 1e-6
    return NumberText.fixed(tick, decimals: isWhole ? 0 : isExact ? decimals : decimals + 1)
  }

  /// Multiples of 1, 2, 2.5 or 5 times a power of ten that enclose the values.
  private static func linearTicks(_ low: Double, _ high: Double, wholeSteps: Bool) -> [Double] {
    let span = high > low ? high - low : max(abs(high) * 0.2, wholeSteps ? 4 : 1e-3)
    let rough = span / 5
    let power = pow(10, log10(rough).rounded(.down))
    let factors = wholeSteps ? [1, 2, 5, 10] : [1, 2, 2.5, 5, 10]
    let factor = factors.first { $0 * power >= rough * 0.999 } ?? 10
    let step = wholeSteps ? max(1, factor * power) : factor * power
    let first = (low / step + 1e-9).rounded(.down)
    let last = max(first + 1, (high / step - 1e-9).rounded(.up))
    // Dozens of ticks would mean that the step was lost to rounding.
    guard last - first < 50 else { return [low, high] }
    return (0...Int(last - first)).map { (first + Double($0)) * step }
  }

  /// 1, 2 and 5 times the powers of ten between the values; powers alone over long ranges.
  private static func logarithmicTicks(_ low: Double, _ high: Double) -> [Double] {
    let powers = Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up))
    let factors: [Double] = powers.count > 4 ? [1] : [1, 2, 5]
    let all = powers.flatMap { power in factors.map { $0 * pow(10, Double(power)) } }
    return all.filter { $0 >= low * 0.9 && $0 <= high * 1.1 }
  }
}
