using System.Globalization;
using System.Text;
using CsCheck;
using Dlt.Destinations;
using Dlt.Naming;
using Dlt.Normalize;
using Dlt.Normalize.Rows;
using Dlt.Parquet;
using Dlt.Schemas;
using Dlt.Types;

namespace Dlt.Tests.Pipelines.Normalize;

public class ReferenceTests
{
    /// <summary>Number of lists of up to 30 items; <c>DLT_FUZZ_LISTS</c> sets it for a long run.</summary>
    private static readonly int Lists =
        int.TryParse(Environment.GetEnvironmentVariable("DLT_FUZZ_LISTS"), NumberStyles.None, CultureInfo.InvariantCulture, out var lists)
        ? lists
        : 2_000;

    [Fact]
    public void The_normaliser_agrees_with_the_reference_normaliser() => JsonItems.Of(3).List[1, 30].Sample(
        items => Assert.Equal(ReferenceNormalizer.Normalise(items), Normalised(items)),
        iter: Lists);

    [Fact]
    public void Real_documents_agree_with_the_reference_normaliser()
    {
        foreach (var file in RealJson.Files())
        {
            var items = RealJson.Items(file);
            Assert.True(ReferenceNormalizer.Normalise(items) == Normalised(items), $"{file} differs");
        }
    }

    private static unsafe string Normalised(List<string> items)
    {
        var schema = new Schema("law", NamingConvention.Create("snake_case", 255));
        var normalizer = new ItemNormalizer(schema, AthenaCapabilities.Default, "1.0", new CountingIds(), TimeProvider.System);
        try
        {
            for (var i = 0; i < items.Count; i++)
            {
                var bytes = Encoding.UTF8.GetBytes(items[i] + new string('\0', 64));
                fixed (byte* text = bytes) normalizer.Add(text, bytes.Length - 64, "items", "test", 0, i + 1);
            }
        }
        catch (DltException)
        {
            return "error";
        }

        normalizer.Seal();
        return ReferenceNormalizer.Text(
            normalizer.Tables.ToDictionary(
                t => t.Name, t => schema.Table(t.Name).CompleteColumns.Select(c => $"{c.Name} {c.DataType.Name()}").ToList()),
            normalizer.Tables.ToDictionary(t => t.Name, Rows));
    }

    private static List<Dictionary<string, string>> Rows(TableBuffer table)
    {
        List<Dictionary<string, string>> rows = [.. Enumerable.Range(0, table.Rows).Select(_ => new Dictionary<string, string>())];
        foreach (var column in table.Columns)
        {
            if (column.Buffer is ConstantBuffer constant) constant.CoverTo(table.Rows);
            column.Buffer.FillTo(table.Rows);
            for (var row = 0; row < table.Rows; row++)
                if (column.Buffer.IsValid(row)) rows[row][column.Schema.Name] = Value(column, column.Buffer.ValuesBefore(row));
        }

        return rows;
    }

    private static string Value(TableColumn column, int index) => column.Buffer switch
    {
        ConstantBuffer constant => Convert.ToHexString(constant.Value),
        BytesBuffer bytes => Convert.ToHexString(bytes.Value(index)),
        FixedBuffer<long> values => values.Values[index].ToString(CultureInfo.InvariantCulture),
        FixedBuffer<int> values => values.Values[index].ToString(CultureInfo.InvariantCulture),
        FixedBuffer<double> values => BitConverter.DoubleToInt64Bits(values.Values[index]).ToString(CultureInfo.InvariantCulture),
        FixedBuffer<bool> values => DataValue.Bool(values.Values[index]).ToString()!,
        FixedBuffer<Int128> values => values.Values[index].ToString(CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"{column.Buffer.GetType()} is not known to the test"),
    };
}
