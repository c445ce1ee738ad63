import COpenSSL

/// Points in time as certificates and people write them.
enum CertificateTime {
  /// Seconds since 1970 of an ASN.1 time; nil if it is damaged.
  @unsafe
  static func unixSeconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
    var days: Int32 = 0
    var seconds: Int32 = 0
    // Safety: the epoch is made and freed here; `time` is valid by the caller's word.
    guard let time = unsafe time, let epoch = unsafe ASN1_TIME_set(nil, 0) else { return nil }
    defer { unsafe ASN1_TIME_free(epoch) }
    guard unsafe ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else { return nil }
    return Int64(days) * 86_400 + Int64(seconds)
  }

  /// `2026-11-23 22:14:11 UTC`: the proleptic Gregorian calendar from days since 1970.
  static func text(_ unixSeconds: Int64) -> String {
    let day = unixSeconds >= 0 ? unixSeconds / 86_400 : (unixSeconds - 86_399) / 86_400
    let second = unixSeconds - day * 86_400
    // Years begin in March here, so that the leap day is a year's last; 146,097 days are 400 years.
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let ofEra = shifted - era * 146_097
    let yearOfEra = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * ofYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let date = "\(year)-\(two(month))-\(two(ofYear - (153 * monthFromMarch + 2) / 5 + 1))"
    return "\(date) \(two(second / 3_600)):\(two(second / 60 % 60)):\(two(second % 60)) UTC"
  }

  private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
