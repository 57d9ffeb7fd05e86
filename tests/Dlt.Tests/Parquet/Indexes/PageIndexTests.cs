using System.Globalization;
using System.Text;
using Dlt.Parquet;
using Dlt.Tests.Support;
using Dlt.Types;

namespace Dlt.Tests.Parquet.Indexes;

/// <summary>
/// The page index describes every page correctly, so no engine skips a matching row. DLT_FUZZ_PAGES is the number of random files.
/// </summary>
public sealed class PageIndexTests : IDisposable
{
    private const int Unordered = 0, Ascending = 1, Descending = 2;
    private const int PageRows = 64;

    private static readonly int Files =
        int.TryParse(Environment.GetEnvironmentVariable("DLT_FUZZ_PAGES"), NumberStyles.None, CultureInfo.InvariantCulture, out var files)
        ? files
        : 20;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Bounds_and_nulls_of_every_page_are_those_of_its_rows()
    {
        for (var seed = 0; seed < Files; seed++)
        {
            var random = new Random(seed);
            var columns = RandomColumn.All();
            var rows = random.Next(1, 900);
            foreach (var column in columns) column.Draw(random, rows);
            var path = Write(columns, rows, new() { PageRows = PageRows, DeltaEncodings = seed % 2 == 1 });
            var reader = new PageIndexReader(path);
            foreach (var column in columns)
                Check(reader.Chunks(column.Column.Name).Single(), column, rows, $"seed {seed}, column {column.Column.Name}");
        }
    }

    [Fact]
    public void Values_of_many_pages_are_read_back()
    {
        const int rows = 3000;
        var columns = RandomColumn.All();
        foreach (var column in columns) column.Draw(new Random(7), rows);
        foreach (var hasDelta in new[] { false, true })
        {
            var path = Write(columns, rows, new() { PageRows = PageRows, DeltaEncodings = hasDelta });
            Assert.Equal(Counts(columns, "long"), Duck.Values($"SELECT count(long) FROM '{path}'"));
            Assert.Equal(columns.Single(c => c.Column.Name == "fixed9").Values.Select(DecimalText),
                Duck.Values($"SELECT coalesce(fixed9::VARCHAR, '-') FROM '{path}'"));
            Assert.Equal(columns.Single(c => c.Column.Name == "decimal9").Values.Select(DecimalText),
                Duck.Values($"SELECT coalesce(decimal9::VARCHAR, '-') FROM '{path}'"));
            Assert.Equal(columns.Single(c => c.Column.Name == "decimal18").Values.Select(DecimalText),
                Duck.Values($"SELECT coalesce(decimal18::VARCHAR, '-') FROM '{path}'"));
            Assert.Equal(columns.Single(c => c.Column.Name == "decimal38").Values.Select(DecimalText),
                Duck.Values($"SELECT coalesce(decimal38::VARCHAR, '-') FROM '{path}'"));
            Assert.Equal(columns.Single(c => c.Column.Name == "few").Values.Select(v => v?.ToString() ?? "-"),
                Duck.Values($"SELECT coalesce(few::VARCHAR, '-') FROM '{path}'"));
            Assert.Equal(columns.Single(c => c.Column.Name == "micros").Values.Select(v => v?.ToString() ?? "-"),
                Duck.Values($"SELECT coalesce(epoch_us(micros)::VARCHAR, '-') FROM '{path}'"));
            Assert.Equal(columns.Single(c => c.Column.Name == "millis").Values.Select(v => v?.ToString() ?? "-"),
                Duck.Values($"SELECT coalesce(epoch_ms(millis)::VARCHAR, '-') FROM '{path}'"));
            Assert.Equal(
                columns.Single(c => c.Column.Name == "uuid")
                    .Values.Select(v => v is byte[] bytes ? new Guid(bytes, bigEndian: true).ToString() : "-"),
                Duck.Values($"SELECT coalesce(uuid::VARCHAR, '-') FROM '{path}'"));
            foreach (var name in new[] { "text", "binary", "fixed20", "repeated" })
            {
                var values = columns.Single(c => c.Column.Name == name)
                    .Values.Select(v => v is byte[] bytes ? Convert.ToHexString(bytes) : "-");
                Assert.Equal(values, Duck.Values($"SELECT coalesce(hex(\"{name}\"), '-') FROM '{path}'"));
            }
        }
    }

    [Fact]
    public void Pages_of_a_list_begin_at_rows()
    {
        const int rows = 500;
        var random = new Random(3);
        var lists = Enumerable.Range(0, rows)
            .Select(_ => random.Next(5) == 0 ? null : Enumerable.Range(0, random.Next(12)).Select(_ => random.Next(1000)).ToList())
            .ToList();
        var column = new ParquetColumn("l", new()
        {
            DataType = DataType.Json,
            Nested = new NestedColumnType.List(new() { DataType = DataType.Bigint, IntegerBits = 64 }),
        }, isRequired: false);
        var buffer = new BytesBuffer("l");
        for (var row = 0; row < rows; row++)
            if (lists[row] is { } list) buffer.Append(row, Encoding.UTF8.GetBytes($"[{string.Join(',', list)}]"));
        var path = _folder.File("lists.parquet");
        using (var writer = new ParquetFileWriter(path, new() { PageRows = PageRows }))
        {
            writer.WriteRowGroup([(column, buffer)], rows);
            writer.Complete([column]);
        }

        var chunk = new PageIndexReader(path).Chunks("l.list.element").Single();
        Assert.True(chunk.Pages.Count > 10);
        for (var page = 0; page < chunk.Pages.Count; page++)
        {
            var first = (int)chunk.Pages[page].FirstRow;
            var end = page + 1 < chunk.Pages.Count ? (int)chunk.Pages[page + 1].FirstRow : rows;
            var inPage = lists[first..end];
            Assert.Equal(inPage.Sum(l => Math.Max(1, l?.Count ?? 0)), chunk.Pages[page].Values);
            Assert.Equal(inPage.Count(l => l is null or { Count: 0 }), chunk.Index!.NullCounts[page]);
            Assert.Equal(inPage.SelectMany(l => l ?? []).Min(), BitConverter.ToInt64(chunk.Index.Min[page]));
            Assert.Equal(inPage.SelectMany(l => l ?? []).Max(), BitConverter.ToInt64(chunk.Index.Max[page]));
        }

        Assert.Equal([$"{lists.Sum(l => l?.Sum() ?? 0)}"], Duck.Values($"SELECT sum(list_sum(l))::BIGINT::VARCHAR FROM '{path}'"));
    }

    [Fact]
    public void Pages_have_at_most_some_twenty_thousand_rows()
    {
        const int rows = 122_880;
        var column = new ParquetColumn("i", new() { DataType = DataType.Bigint, IntegerBits = 64 }, isRequired: true);
        var buffer = new FixedBuffer<long>("i");
        for (var row = 0; row < rows; row++) buffer.Append(row, row);
        var path = _folder.File("long.parquet");
        using (var writer = new ParquetFileWriter(path, new()))
        {
            writer.WriteRowGroup([(column, buffer)], rows);
            writer.Complete([column]);
        }

        var chunk = new PageIndexReader(path).Chunks("i").Single();
        Assert.All(chunk.Pages, p => Assert.InRange(p.Values, 10_000, 20_000));
        Assert.Equal(Ascending, chunk.Index!.BoundaryOrder);
        Assert.Equal(chunk.Pages.Select(p => p.FirstRow), chunk.Index.Min.Select(b => BitConverter.ToInt64(b)));
    }

    [Fact]
    public async Task Hyparquet_finds_the_same_page_index()
    {
        var columns = RandomColumn.All();
        foreach (var column in columns) column.Draw(new Random(11), 800);
        var path = Write(columns, 800, new() { PageRows = PageRows });
        var reader = new PageIndexReader(path);
        var seen = await DataFileTests.ReadAsync(path, "pages");
        Assert.Equal(columns.Count, seen.Count);
        foreach (var column in seen)
        {
            var chunk = reader.Chunks(column["column"]!.AsString()).Single();
            Assert.Equal(chunk.Pages.Select(p => $"{p.FirstRow}"), column["first_rows"]!.Items.Select(r => r.AsString()));
            if (chunk.Index is not { } index) continue;
            Assert.Equal(index.NullCounts.Select(n => $"{n}"), column["null_counts"]!.Items.Select(n => n.AsString()));
            Assert.Equal(index.Min.Select(Convert.ToBase64String), column["min"]!.Items.Select(m => m.AsString()));
            Assert.Equal(index.Max.Select(Convert.ToBase64String), column["max"]!.Items.Select(m => m.AsString()));
            Assert.Equal(index.NullPages, column["null_pages"]!.Items.Select(n => n.AsBool()));
        }
    }

    private static void Check(PageIndexReader.Chunk chunk, RandomColumn column, int rows, string what)
    {
        var hasNaN = column.Values.Any(v => v is double.NaN);
        var statistics = chunk.Statistics;
        Assert.Equal(column.Values.Count(v => v is null), statistics[3]!.Value.Long);
        var isAllNull = column.Values.All(v => v is null);
        if (isAllNull || hasNaN) Assert.True(statistics[5] is null && statistics[6] is null, what);
        else CheckBounds(column, column.Values, statistics[6]!.Value.Bytes, statistics[5]?.Bytes, statistics[8]!.Value.Bool,
            statistics[7]?.Bool == true, what);
        Assert.True(isAllNull || !hasNaN == chunk.Index is not null || LacksUpperBound(column), what);
        long row = 0;
        for (var page = 0; page < chunk.Pages.Count; page++)
        {
            var (at, end) = (chunk.Pages[page].FirstRow, page + 1 < chunk.Pages.Count ? chunk.Pages[page + 1].FirstRow : rows);
            Assert.Equal(row, at);
            Assert.True(chunk.Pages[page].IsDataPageV1, what);
            Assert.Equal(end - at, chunk.Pages[page].Values);
            Assert.InRange(chunk.Pages[page].BodyBytes, 0, chunk.Pages[page].Bytes - 1);
            Assert.Contains(chunk.Pages[page].Encoding, chunk.Encodings);
            if (chunk.Index is { } index) CheckPage(index, page, column, column.Values.Skip((int)at).Take((int)(end - at)).ToList(), what);
            row = end;
        }

        Assert.Equal(rows, row);
        if (chunk.Index is not null) CheckOrder(chunk.Index, column, what);
    }

    private static void CheckPage(
        PageIndexReader.ColumnIndex index, int page, RandomColumn column, IReadOnlyList<object?> values, string what)
    {
        Assert.Equal(values.Count(v => v is null), index.NullCounts[page]);
        Assert.Equal(values.All(v => v is null), index.NullPages[page]);
        if (!index.NullPages[page]) CheckBounds(column, values, index.Min[page], index.Max[page], isMinExact: null, isMaxExact: null, what);
    }

    private static void CheckBounds(
        RandomColumn column, IReadOnlyList<object?> values, byte[] min, byte[]? max, bool? isMinExact, bool? isMaxExact, string what)
    {
        var (lower, upper) = (column.Read(min), max is null ? null : column.Read(max));
        Assert.All(values.OfType<object>(), v =>
            Assert.True(column.Compare(lower, v) <= 0 && (upper is null || column.Compare(v, upper) <= 0), what));
        var isCut = lower is byte[] && column.Column.PhysicalType == PhysicalType.ByteArray;
        Assert.True(isCut || values.OfType<object>().Any(v => column.Compare(v, lower) == 0)
            && values.OfType<object>().Any(v => column.Compare(v, upper!) == 0), what);
        if (isMinExact is { } exactMin) Assert.Equal(values.OfType<object>().Any(v => column.Compare(v, lower) == 0), exactMin);
        if (isMaxExact is { } exactMax && upper is not null)
            Assert.Equal(values.OfType<object>().Any(v => column.Compare(v, upper) == 0), exactMax);
        if (!column.Column.IsText) return;
        foreach (var text in new[] { min, max ?? [] })
            Assert.Equal(text, Encoding.UTF8.GetBytes(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(text)));
    }

    private static void CheckOrder(PageIndexReader.ColumnIndex index, RandomColumn column, string what)
    {
        var pages = Enumerable.Range(0, index.Min.Count).Where(p => !index.NullPages[p]).ToList();
        bool Holds(int sign) => pages.Zip(pages.Skip(1)).All(p =>
            column.Compare(column.Read(index.Min[p.First]), column.Read(index.Min[p.Second])) * sign <= 0
                && column.Compare(column.Read(index.Max[p.First]), column.Read(index.Max[p.Second])) * sign <= 0);
        Assert.True(index.BoundaryOrder == (Holds(1) ? Ascending : Holds(-1) ? Descending : Unordered), what);
    }

    /// <summary>True when no bytes of the same length are greater.</summary>
    private static bool LacksUpperBound(RandomColumn column) =>
        column.Column.PhysicalType == PhysicalType.ByteArray && column.Values.OfType<byte[]>().Any(v => v.Length > 4096);

    private static string DecimalText(object? value) =>
        value is Int128 number ? $"{(number < 0 ? "-" : "")}{Int128.Abs(number) / 100}.{Int128.Abs(number) % 100:00}" : "-";

    private static IEnumerable<string> Counts(IReadOnlyList<RandomColumn> columns, string name) =>
        [$"{columns.Single(c => c.Column.Name == name).Values.Count(v => v is not null)}"];

    private string Write(IReadOnlyList<RandomColumn> columns, int rows, ParquetWriterOptions options)
    {
        var path = _folder.File($"{Guid.NewGuid():N}.parquet");
        using var writer = new ParquetFileWriter(path, options);
        writer.WriteRowGroup(columns.Select(c => (c.Column, c.Buffer)), rows);
        writer.Complete([.. columns.Select(c => c.Column)]);
        return path;
    }
}
