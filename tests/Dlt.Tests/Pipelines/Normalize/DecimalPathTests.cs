using System.Globalization;
using System.Numerics;
using Apache.Arrow;
using CsCheck;
using Dlt.Batches.Building;
using Dlt.Batches.Decimals;
using Dlt.Batches;
using Dlt.Destinations;
using Dlt.Items;
using Dlt.Naming;
using Dlt.Normalize.Chunks;
using Dlt.Normalize.Rows;
using Dlt.Normalize;
using Dlt.Parquet;
using Dlt.Schemas;
using Dlt.Types;
using Schema = Dlt.Schemas.Schema;

namespace Dlt.Tests.Pipelines.Normalize;

public class DecimalPathTests
{
    private static readonly ExtractedJob Job = new("file", "file", "items", LinesAreLists: false, null);

    /// <summary>Numbers of 1 to 29 digits and 0 to 28 after the point, many of them exactly between two of nine digits.</summary>
    private static readonly Gen<decimal> Number = Gen.Select(Gen.Int, Gen.Int, Gen.Int, Gen.Bool, Gen.Byte[0, 28])
        .Select((a, b, c, negative, scale) => new decimal(a, b, c, negative, scale));

    private static readonly Gen<decimal> Half = Gen.Select(Gen.Int, Gen.Byte[0, 18])
        .Select((n, zeros) => n * 0.0000000005m * decimal.Parse("1." + new string('0', zeros), CultureInfo.InvariantCulture));

    private static readonly Gen<decimal?> Any = Gen.OneOf(Number, Half).Nullable();

    [Fact]
    public void Rows_that_are_copied_and_rows_one_by_one_round_to_the_same_numbers_and_count_them() => Any.List[1, 60].Sample(
        numbers =>
        {
            var expected = numbers.Select(n => n is { } number ? Round(number, 9) : (decimal?)null).ToList();
            var count = numbers.Where((n, i) => n != expected[i]).Count();
            Assert.Equal((Text(expected), (long)count), Normalised(numbers, isCopied: true));
            Assert.Equal((Text(expected), (long)count), Normalised(numbers, isCopied: false));
        },
        iter: 2000);

    [Fact]
    public void A_number_is_rounded_as_NET_rounds_it() => Gen.Select(Gen.OneOf(Number, Half), Gen.Int[0, 28]).Sample((number, scale) =>
    {
        var rounded = BigDecimalOf(number).Round(scale, out var isExact);
        Assert.Equal(Round(number, scale), decimal.Parse(rounded.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture));
        Assert.Equal(Round(number, scale) == number, isExact);
    });

    private static decimal Round(decimal number, int scale) => decimal.Round(number, scale, MidpointRounding.ToEven);

    private static BigDecimal BigDecimalOf(decimal number)
    {
        Assert.True(BigDecimal.TryParse(number.ToString(CultureInfo.InvariantCulture), out var parsed));
        return parsed;
    }

    private static string Text(IEnumerable<decimal?> numbers) =>
        string.Join(' ', numbers.Select(n => n is { } number ? $"{Unscaled(number)}" : "-"));

    /// <summary>Unscaled value of a number with nine digits after the point.</summary>
    private static BigInteger Unscaled(decimal number)
    {
        var whole = decimal.Truncate(number);
        return new BigInteger(whole) * 1_000_000_000 + new BigInteger((number - whole) * 1_000_000_000);
    }

    /// <summary>
    /// The numbers after two rows that declare the columns: alone, which allows batch copies, and next to a text, which prevents them.
    /// </summary>
    private static (string Values, long Rounded) Normalised(IReadOnlyList<decimal?> numbers, bool isCopied)
    {
        var schema = new Schema("law", NamingConvention.Create("snake_case", 255));
        var normalizer = new ItemNormalizer(schema, AthenaCapabilities.Default, "1.0", new CountingIds(), TimeProvider.System);
        normalizer.Add(Batch([1m, 2m], isCopied: true), Job, RowOrigin.Items);
        foreach (var batch in Batches(numbers, isCopied)) normalizer.Add(batch, Job, RowOrigin.Items);
        normalizer.Seal();
        var table = Assert.Single(normalizer.Tables);
        Assert.True(table.TryGetColumn("amount", out var column));
        column!.Buffer.FillTo(table.Rows);
        var values = (FixedBuffer<Int128>)column.Buffer;
        return (
            string.Join(' ', Enumerable.Range(2, numbers.Count).Select(row => ValueAt(values, row))),
            normalizer.Rounded.Notes.Sum(n => n.Values));
    }

    private static string ValueAt(FixedBuffer<Int128> values, int row) =>
        values.IsValid(row) ? $"{values.Values[values.ValuesBefore(row)]}" : "-";

    /// <summary>A batch ends where its numbers together have more than 38 digits.</summary>
    private static IEnumerable<RecordBatch> Batches(IReadOnlyList<decimal?> numbers, bool isCopied)
    {
        for (var from = 0; from < numbers.Count;)
        {
            var rows = new ValueRows(["note", "amount"]);
            var to = from;
            while (to < numbers.Count && rows.TryAdd([Note(isCopied), numbers[to]])) to++;
            yield return DecimalMetadata.WithDigits(rows.Take().Rows, [null, null]);
            from = to;
        }
    }

    private static RecordBatch Batch(decimal?[] numbers, bool isCopied) => Assert.Single(Batches(numbers, isCopied));

    /// <summary>True when the column holds integers.</summary>
    private static object Note(bool isCopied) => isCopied ? 1L : "no number";
}
