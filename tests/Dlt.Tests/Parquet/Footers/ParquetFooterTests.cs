using Dlt.Parquet;
using Dlt.Tests.Support;

namespace Dlt.Tests.Parquet.Footers;

/// <summary>Reading and changing footers of files from another writer.</summary>
public sealed class ParquetFooterTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_footer_describes_columns_and_row_groups()
    {
        var footer = ParquetFooter.Read(Write(
            "SELECT i AS n, (i * 1.5)::DECIMAL(9, 2) AS d, CASE WHEN i > 2 THEN 'x' || i END AS t, [{'a': i::UINTEGER}] AS l, "
            + "'2026-01-02'::TIMESTAMP_MS AS ms, '2026-01-02'::TIMESTAMP AS us, TIME '10:00' AS clock, uuid() AS u "
            + "FROM range(5) r(i)"));
        Assert.Equal(5, footer.Rows);
        Assert.StartsWith("DuckDB", footer.CreatedBy, StringComparison.Ordinal);
        Assert.Equal(
            ["n", "d", "t", "l", null, "l.element", "l.element.a", "ms", "us", "clock", "u"], footer.Elements.Select(e => e.Path));
        var leaves = footer.Elements.Where(e => e.IsLeaf).ToDictionary(e => e.Name);
        Assert.Equal((PhysicalType.Int64, false), (leaves["n"].PhysicalType, leaves["n"].IsUnsigned));
        Assert.True(leaves["a"].IsUnsigned);
        Assert.Equal(2, leaves["d"].Scale);
        Assert.Equal((1_000_000L, null), (leaves["ms"].TimestampUnitNanos, leaves["ms"].TimeUnitNanos));
        Assert.Equal(1_000L, leaves["us"].TimestampUnitNanos);
        Assert.Equal(1_000L, leaves["clock"].TimeUnitNanos);
        Assert.True(leaves["u"].IsUuid);
        var group = Assert.Single(footer.RowGroups);
        Assert.Equal((5L, leaves.Count), (group.Rows, group.Columns.Count));
        var (numbers, texts) = (group.Columns[0], group.Columns[2]);
        Assert.Equal((5L, 0L), (numbers.Values, numbers.NullCount));
        Assert.Equal((0L, 4L), (BitConverter.ToInt64(numbers.Min), BitConverter.ToInt64(numbers.Max)));
        Assert.Equal((5L, 3L), (texts.Values, texts.NullCount));
        Assert.Equal("x3"u8.ToArray(), texts.Min);
        Assert.True(texts.IsMinExact);
        Assert.Equal(4, numbers.Start);
        Assert.InRange(numbers.CompressedBytes, 1, new FileInfo(_folder.File("duck.parquet")).Length);
    }

    [Fact]
    public void Ids_marks_and_texts_are_changed_and_rows_and_all_else_stay()
    {
        var path = Write("SELECT i AS n, '\\x00\\x01'::BLOB AS b FROM range(1000) r(i)");
        var before = File.ReadAllBytes(path);
        var footer = ParquetFooter.Read(path);
        footer.Elements[0].FieldId = 7;
        footer.SetKeyValues([new("who", "me")]);
        footer.CopyTo(_folder.File("copy.parquet"));
        Assert.Equal(before, File.ReadAllBytes(path));
        footer.Save();
        foreach (var file in new[] { path, _folder.File("copy.parquet") })
        {
            var changed = ParquetFooter.Read(file);
            Assert.Equal([7, null], changed.Elements.Select(e => e.FieldId));
            Assert.Equal(footer.CreatedBy, changed.CreatedBy);
            Assert.Equal(["me"], Duck.Values($"SELECT decode(value) FROM parquet_kv_metadata('{file}') WHERE decode(key) = 'who'"));
            Assert.Equal(["499500"], Duck.Values($"SELECT sum(n)::VARCHAR FROM '{file}'"));
        }

        footer.Elements[0].FieldId = null;
        footer.Save();
        Assert.Null(ParquetFooter.Read(path).Elements[0].FieldId);
    }

    [Fact]
    public void A_file_that_is_not_parquet_is_refused_with_its_location()
    {
        var path = Write("SELECT 1 AS n");
        var bytes = File.ReadAllBytes(path);
        Refuses([], "too short");
        Refuses(bytes[..^1], "does not end like a Parquet file");
        var size = BitConverter.ToInt32(bytes, bytes.Length - 8);
        for (var at = bytes.Length - 8 - size; at < bytes.Length - 8; at++)
        {
            // Any byte of the footer may be damaged: the result is an answer or this error, never another error.
            byte[] damaged = [.. bytes];
            damaged[at] ^= 0x55;
            File.WriteAllBytes(path, damaged);
            var error = Record.Exception(() => ParquetFooter.Read(path));
            if (error is not null) Assert.Equal(bytes.Length - 8 - size, Assert.IsType<ParquetFormatException>(error).Offset);
        }
    }

    private void Refuses(byte[] content, string why)
    {
        var path = _folder.File("odd.parquet");
        File.WriteAllBytes(path, content);
        var error = Assert.Throws<ParquetFormatException>(() => ParquetFooter.Read(path));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Equal(path, error.File);
    }

    private string Write(string select)
    {
        var path = _folder.File("duck.parquet");
        Duck.Execute($"COPY ({select}) TO '{path}' (FORMAT parquet)");
        return path;
    }
}
