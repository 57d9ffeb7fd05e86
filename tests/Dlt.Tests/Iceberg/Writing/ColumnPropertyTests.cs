using System.Globalization;
using Dlt.Iceberg;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg.Writing;

/// <summary>Random values of every type: read back as they went in, or refused; and the metrics are those of a plain recount.</summary>
public sealed class ColumnPropertyTests : IDisposable
{
    private static readonly int Tables = int.TryParse(Environment.GetEnvironmentVariable("DLT_FUZZ_COLUMNS"),
        NumberStyles.None, CultureInfo.InvariantCulture, out var tables) ? tables : 4;

    private static readonly string[] Types =
    [
        "boolean", "int", "long", "float", "double", "decimal(9, 2)", "decimal(18, 6)", "decimal(38, 10)",
        "date", "time", "timestamp", "timestamptz", "string", "uuid", "fixed[3]", "fixed[20]", "binary",
    ];

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Any_value_is_read_back_or_refused_and_metrics_are_those_of_a_recount()
    {
        for (var seed = 0; seed < Tables; seed++)
        {
            foreach (var name in Types)
            {
                var random = new Random(HashCode.Combine(seed, name.Length));
                var type = PrimitiveType.Parse(name);
                var table = await OneColumn.CreateAsync(_folder.File("w"), type, byArrow: seed % 2 == 0,
                    properties: seed % 4 < 2 ? null : new() { ["write.parquet.row-group-size-bytes"] = "200" });
                await using var writer = new DataFileWriter(table);
                var held = new List<object?>();
                for (var row = 0; row < 60; row++)
                {
                    var value = random.Next(8) == 0 ? null : Value(type, random);
                    var isHeld = value is null || IsHeld(type, value);
                    if (isHeld) held.Add(value);
                    if (isHeld) await writer.AddAsync(OneColumn.Row(table, row, value), Cancellation);
                    else await Assert.ThrowsAsync<ArgumentException>(() => writer.AddAsync(OneColumn.Row(table, row, value), Cancellation));
                }

                table = await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
                var why = $"seed {seed}, {name}";
                Assert.True(held.Select(Shown).SequenceEqual((await OneColumn.ReadAsync(table)).Select(Shown)), why);
                Check(type, Assert.Single(await OneColumn.FilesAsync(table)), held, why);
                foreach (var value in held.Where(v => v is not null && !ValueOrder.IsNan(v)).Take(5))
                    Assert.True(held.Count(v => v is not null && ValueOrder.Compare(Unsigned(v), Unsigned(value!)) == 0)
                        == (await OneColumn.ReadAsync(table, Filter.Equal("v", value!))).Count, $"{why}: {Shown(value)}");
            }
        }
    }

    private static object Unsigned(object value) => value switch { -0.0 => 0.0, -0f => 0f, _ => value };

    private static void Check(PrimitiveType type, DataFile file, List<object?> values, string why)
    {
        Assert.True((file.ValueCounts![2], file.NullValueCounts![2]) == (values.Count, values.Count(v => v is null)), why);
        var isReal = type.Kind is PrimitiveKind.Float or PrimitiveKind.Double;
        Assert.True(file.NanValueCounts?.ContainsKey(2) == true == isReal
            && (!isReal || file.NanValueCounts![2] == values.Count(ValueOrder.IsNan)), why);
        var known = values.OfType<object>().Where(v => !ValueOrder.IsNan(v)).ToList();
        var (lower, upper) = (file.LowerBounds!.GetValueOrDefault(2), file.UpperBounds!.GetValueOrDefault(2));
        if (known.Count == 0)
        {
            Assert.True(lower is null && upper is null, why);
            return;
        }

        if (type.Kind == PrimitiveKind.Uuid)
        {
            // For every reader all values are within the bounds.
            if (lower is null) return;
            var (from, to) = (new Guid(lower, bigEndian: true), new Guid(upper!, bigEndian: true));
            Assert.True(known.Cast<Guid>()
                .All(g => UuidRange.Compare(from, g) <= 0 && UuidRange.Compare(g, to) <= 0 && UuidRange.CompareSigned(from, g) <= 0
                    && UuidRange.CompareSigned(g, to) <= 0), why);
            return;
        }

        var (least, greatest) = (known.Aggregate((a, b) => ValueOrder.Compare(a, b) <= 0 ? a : b),
            known.Aggregate((a, b) => ValueOrder.Compare(a, b) >= 0 ? a : b));
        if (type.Kind is PrimitiveKind.String or PrimitiveKind.Binary)
        {
            Assert.True(lower is not null && SingleValue.TryDecode(type, lower, out var low) && ValueOrder.Compare(low!, least) <= 0, why);
            Assert.True(
                upper is null || (SingleValue.TryDecode(type, upper, out var high) && ValueOrder.Compare(high!, greatest) >= 0), why);
            return;
        }

        Assert.True(lower!.AsSpan().SequenceEqual(SingleValue.Encode(type, least is 0.0 ? -0.0 : least is 0f ? -0f : least)), why);
        Assert.True(upper!.AsSpan().SequenceEqual(SingleValue.Encode(type, Unsigned(greatest))), why);
    }

    /// <summary>The rule for metrics in its simplest form.</summary>
    private static bool IsHeld(PrimitiveType type, object value) => value switch
    {
        Int128 unscaled => Int128.Abs(unscaled).ToString(CultureInfo.InvariantCulture).Length <= type.Precision,
        byte[] bytes => type.Kind == PrimitiveKind.Binary || bytes.Length == type.Length,
        int days when type.Kind == PrimitiveKind.Date => CivilDate.Of(days).Year is >= 1 and <= 9999,
        long micros when type.Kind == PrimitiveKind.Time => micros >= 0 && micros / 86_400_000_000 == 0,
        long micros when type.Kind is PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz =>
            micros is >= -62_135_596_800_000_000 and <= 253_402_300_799_999_999,
        string text => text.EnumerateRunes().All(r => r.Value != 0xFFFD),
        _ => true,
    };

    private static object Value(PrimitiveType type, Random random)
    {
        byte[] bytes = new byte[random.Next(4) == 0 ? random.Next(40) : type.Length > 0 ? type.Length : random.Next(20)];
        random.NextBytes(bytes);
        if (random.Next(4) == 0) Array.Fill(bytes, (byte)0xFF);
        var number = random.Next(6) switch
        {
            0 => long.MaxValue,
            1 => long.MinValue,
            2 => random.NextInt64(long.MinValue, long.MaxValue),
            3 => 0,
            _ => random.NextInt64(-100_000_000_000, 100_000_000_000)
        };
        switch (type.Kind)
        {
            case PrimitiveKind.Boolean: return random.Next(2) == 0;
            case PrimitiveKind.Int: return unchecked((int)number);
            case PrimitiveKind.Date: return random.Next(5) == 0 ? unchecked((int)number) : random.Next(-800_000, 3_000_000);
            case PrimitiveKind.Float:
                return random.Next(6) switch
                {
                    0 => float.NaN,
                    1 => float.PositiveInfinity,
                    2 => -0f,
                    3 => 0f,
                    _ => BitConverter.Int32BitsToSingle(random.Next())
                };
            case PrimitiveKind.Double:
                return random.Next(6) switch
                {
                    0 => double.NaN,
                    1 => double.NegativeInfinity,
                    2 => -0.0,
                    3 => 0.0,
                    _ => BitConverter.Int64BitsToDouble(random.NextInt64())
                };
            case PrimitiveKind.Decimal:
                var limit = Int128.Parse(new string('9', type.Precision), CultureInfo.InvariantCulture);
                return random.Next(6) switch { 0 => limit, 1 => -limit, 2 => limit + 1, 3 => -limit - 1, _ => (Int128)number };
            case PrimitiveKind.String:
                return string.Concat(Enumerable.Range(0, random.Next(30))
                    .Select(_ => random.Next(20) switch
                    {
                        0 => "😀",
                        1 => char.ConvertFromUtf32(0x10FFFF),
                        2 when random.Next(30) == 0 => "\uD800",
                        3 => "é",
                        _ => ((char)('a' + random.Next(26))).ToString()
                    }));
            case PrimitiveKind.Uuid:
                return new Guid(Enumerable.Range(0, 16).Select(_ => (byte)random.Next(random.Next(2) == 0 ? 128 : 256)).ToArray());
            case PrimitiveKind.Fixed or PrimitiveKind.Binary: return bytes;
            default: return number;
        }
    }

    private static string Shown(object? value) => value switch
    {
        null => "null",
        byte[] bytes => Convert.ToHexString(bytes),
        double real => double.IsNaN(real) ? "NaN" : BitConverter.DoubleToInt64Bits(real).ToString(CultureInfo.InvariantCulture),
        float real => float.IsNaN(real) ? "NaN" : BitConverter.SingleToInt32Bits(real).ToString(CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
