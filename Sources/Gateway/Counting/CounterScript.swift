import Base
import PolicyKit
import Wire

/// The program that counts within the store: all rules of a request at once, by the store's clock.
///
/// Either all of them let the request through and count it, or none counts it. Times are whole
/// sixteenths of a microsecond since 2025, which a double holds exactly until 2042: nothing is
/// lost by rounding, so that never one more passes than the rule says.
enum CounterScript {
  /// Sixteenths of a microsecond in a second.
  static let unitsPerSecond: UInt64 = 16_000_000
  /// What one count adds to the arguments.
  private static let argumentCount = 6
  /// Numbers told of one count.
  static let answerCount = 3

  /// A clock of the store that goes back leaves times ahead of it. A cell rate is cut, for good, to
  /// what a caller who used everything has, and a window goes on: nobody is locked out, nobody set
  /// free.
  static let source = """
    local time = redis.call('TIME')
    local now = ((time[1] - 1735689600) * 1000000 + time[2]) * 16
    local rules, all = {}, true
    for i, key in ipairs(KEYS) do
      local at = (i - 1) * 6
      local r = {
        manner = tonumber(ARGV[at + 1]), unit = tonumber(ARGV[at + 2]),
        most = tonumber(ARGV[at + 3]), wanted = tonumber(ARGV[at + 4]),
        partial = ARGV[at + 5] == '1', back = tonumber(ARGV[at + 6])
      }
      local held = redis.call('GET', key)
      if r.manner == 0 then
        local tat = (tonumber(held) or now) - r.back * r.unit
        r.tat = math.min(math.max(tat, now), now + r.most)
        r.cut = tat > r.tat
        r.room = math.floor((now + r.most - r.tat) / r.unit)
        r.wait = r.tat + r.unit - now - r.most
      else
        local start = now - now % r.unit
        local was, count, before = 0, 0, 0
        if held then
          local a, b, c = string.match(held, '^(%d+):(%d+):(%d+)$')
          if a then was, count, before = tonumber(a), tonumber(b), tonumber(c) end
        end
        if was < start then
          before = was + r.unit == start and count or 0
          count = 0
        end
        local left = start + r.unit - now
        local seen = count
        if r.manner == 2 then seen = seen + math.ceil(before * left / r.unit) end
        r.start, r.count, r.before = start, count, before
        r.room = math.max(r.most - seen, 0)
        r.wait = left
      end
      r.take = r.partial and math.min(r.wanted, r.room) or (r.room >= r.wanted and r.wanted or 0)
      if r.take < 1 then all = false end
      rules[i] = r
    end
    local answer = {}
    for i, r in ipairs(rules) do
      local taken = all and r.take or 0
      local wait = r.wait
      if r.manner == 0 then
        if r.take > 0 then wait = r.tat + taken * r.unit - now end
        if taken > 0 or r.back > 0 or r.cut then
          local tat = r.tat + taken * r.unit
          if tat > now then
            redis.call('SET', KEYS[i], string.format('%.0f', tat), 'PX',
              math.ceil((tat - now) / 16000))
          else
            redis.call('DEL', KEYS[i])
          end
        end
      elseif taken > 0 then
        redis.call('SET', KEYS[i],
          string.format('%.0f:%.0f:%.0f', r.start, r.count + taken, r.before), 'PX',
          math.ceil(2 * r.unit / 16000))
      end
      answer[#answer + 1] = r.take
      answer[#answer + 1] = r.room - taken
      answer[#answer + 1] = math.max(0, math.ceil(wait / 16000))
    end
    return answer
    """

  /// Writes the call for these counts; `digest` is what the store calls the program, and without
  /// one the program itself goes along.
  static func write(
    _ counts: [SharedCount], prefix: [UInt8], digest: [UInt8]?, into output: inout ByteBuffer
  ) {
    RESPWriter.begin(3 + counts.count * (1 + argumentCount), into: &output)
    if let digest {
      RESPWriter.string("EVALSHA", into: &output)
      RESPWriter.string(digest.span, into: &output)
    } else {
      RESPWriter.string("EVAL", into: &output)
      RESPWriter.string(source, into: &output)
    }
    RESPWriter.number(UInt64(counts.count), into: &output)
    var key: [UInt8] = []
    for count in counts {
      key.removeAll(keepingCapacity: true)
      key += prefix
      key.append(UInt8(ascii: ":"))
      append(count.key.high, to: &key)
      append(count.key.low, to: &key)
      RESPWriter.string(key.span, into: &output)
    }
    for count in counts {
      let (unit, most) = units(count)
      RESPWriter.number(UInt64(count.manner.rawValue), into: &output)
      RESPWriter.number(unit, into: &output)
      RESPWriter.number(most, into: &output)
      RESPWriter.number(count.wanted, into: &output)
      RESPWriter.number(count.isPartial ? 1 : 0, into: &output)
      RESPWriter.number(count.returned, into: &output)
    }
  }

  /// The time of one request and of a burst, or the length of a window and its limit. The time of
  /// one is rounded up, so that the pace is never more than the limit.
  private static func units(_ count: SharedCount) -> (unit: UInt64, most: UInt64) {
    let window = count.windowSeconds * unitsPerSecond
    guard count.manner == .gcra else { return (window, count.limit) }
    let unit = max(1, (window + count.limit - 1) / count.limit)
    return (unit, unit * count.burst)
  }

  private static func append(_ word: UInt64, to key: inout [UInt8]) {
    for place in 0..<16 {
      let nibble = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * place)) & 15
      key.append(nibble &+ (nibble < 10 ? 0x30 : 0x57))
    }
  }

  /// What the store said of so many counts; nil if that is no answer to them.
  static func answers(_ numbers: [Int], _ count: Int) -> [CountAnswer]? {
    guard numbers.count == count * answerCount, numbers.allSatisfy({ $0 >= 0 }) else { return nil }
    var answers: [CountAnswer] = []
    for place in stride(from: 0, to: numbers.count, by: answerCount) {
      answers.append(
        .counted(
          taken: UInt64(numbers[place]), remaining: UInt64(numbers[place + 1]),
          milliseconds: UInt64(numbers[place + 2])))
    }
    return answers
  }
}
