import Foundation

/// Resident memory of this process, as Linux counts it.
public enum ProcessMemory {
  /// Largest resident size since the start or the last `resetPeak()`, in bytes; 0 where unknown.
  public static var peakByteCount: Int { kilobytes(of: "VmHWM:") * 1024 }

  /// Makes the peak the size of now, so that a stage has a peak of its own.
  public static func resetPeak() {
    // Refused in some containers; the peak then covers the whole run, which is never too small.
    try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
  }

  private static func kilobytes(of key: String) -> Int {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix(key) })
    else { return 0 }
    return line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
  }
}
