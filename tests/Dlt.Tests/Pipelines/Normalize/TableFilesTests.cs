using System.Text;
using Dlt.Destinations;
using Dlt.Items;
using Dlt.Naming;
using Dlt.Normalize.Files;
using Dlt.Normalize.Rows;
using Dlt.Packages;
using Dlt.Parquet;
using Dlt.Schemas;
using Dlt.Settings;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Normalize;

/// <summary>How the rows of a table become row groups and files.</summary>
public sealed class TableFilesTests : IDisposable
{
    private static readonly ColumnSchema Id = new("id", DataType.Bigint);

    private readonly TempFolder _folder = new();
    private readonly LoadPackage _package;
    private readonly NormalizeKeys _keys = NormalizeKeys.Of(new Schema("shop", NamingConvention.Create("snake_case", 255)), "1.0");
    private long _nextNumber;

    public TableFilesTests() => _package = LoadPackage.Create(_folder.File("load"), "1700000000.5");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_fill_a_row_group_at_their_number()
    {
        using var files = Files(new() { RowGroupRows = 5 });
        Assert.False(files.Gather(Chunk(4, Id)));
        Assert.True(files.Gather(Chunk(1, Id)));
        Assert.Equal((5, true), (files.Rows, files.HasRows));

        Write(files, files.TakeRowGroup(0, Table(Id)));
        Assert.Equal((5, false, 0), (files.Rows, files.HasRows, files.GatheredBytes));
        files.Close();
        Assert.Equal([[5L]], RowGroups());
    }

    [Fact]
    public void Rows_fill_a_row_group_at_their_size()
    {
        using var files = Files(new() { RowGroupBytes = 80 });
        Assert.False(files.Gather(Chunk(9, Id)));   // 72 bytes
        Assert.True(files.Gather(Chunk(1, Id)));
    }

    [Theory]
    [InlineData(31, false)]
    [InlineData(32, true)]
    public void Few_large_rows_fill_a_row_group_at_8_mebibytes(int rows, bool isFull)
    {
        using var files = Files(new());
        Assert.Equal(isFull, files.Gather(Texts(rows, 256 << 10)));
    }

    [Fact]
    public void Many_small_rows_wait_beyond_8_mebibytes()
    {
        using var files = Files(new());
        Assert.False(files.Gather(Texts(100, 100_000)));
    }

    [Fact]
    public void No_row_group_and_no_file_has_more_rows_than_its_limit()
    {
        using var files = Files(new() { MaxRowGroupRows = 3, MaxFileRows = 5 });
        files.Gather(Chunk(12, Id));
        foreach (var group in files.TakeBounded(() => _nextNumber++, Table(Id))) Write(files, group);
        Assert.True(files.HasRows);
        Write(files, files.TakeRowGroup(_nextNumber, Table(Id)));
        files.Close();

        Assert.Equal([[3L, 2L], [3L, 2L], [2L]], RowGroups());
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"], Values("id"));
    }

    [Fact]
    public void Rows_below_the_limit_wait_for_more()
    {
        using var files = Files(new() { MaxRowGroupRows = 3 });
        files.Gather(Chunk(2, Id));
        Assert.Empty(files.TakeBounded(() => _nextNumber++, Table(Id)));
        files.Gather(Chunk(1, Id));
        Assert.Equal(3, Assert.Single(files.TakeBounded(() => _nextNumber++, Table(Id))).Batch.Rows);
    }

    [Fact]
    public void A_file_ends_at_its_target_size()
    {
        using var files = Files(new() { TargetFileSizeBytes = 1 });
        for (var i = 0; i < 2; i++)
        {
            files.Gather(Chunk(4, Id));
            Write(files, files.TakeRowGroup(i, Table(Id)));
        }

        files.Close();
        Assert.Equal([[4L], [4L]], RowGroups());
    }

    [Fact]
    public void A_column_that_appears_later_is_null_in_the_row_groups_before_it()
    {
        var note = new ColumnSchema("note", DataType.Bigint);
        using var files = Files(new());
        files.Gather(Chunk(2, Id));
        Write(files, files.TakeRowGroup(0, Table(Id)));
        files.Gather(Chunk(1, Id, note));
        Write(files, files.TakeRowGroup(1, Table(Id, note)));
        files.Close();

        Assert.Equal([[2L, 1L]], RowGroups());
        Assert.Equal(["null", "null", "0"], Values("note"));
    }

    [Fact]
    public void A_required_column_that_appears_later_starts_a_file()
    {
        var note = new ColumnSchema("note", DataType.Bigint, nullable: false);
        using var files = Files(new());
        files.Gather(Chunk(2, Id));
        Write(files, files.TakeRowGroup(0, Table(Id)));
        files.Gather(Chunk(1, Id, note));
        Write(files, files.TakeRowGroup(1, Table(Id, note)));
        files.Close();

        Assert.Equal([[2L], [1L]], RowGroups());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Rows_without_a_required_column_are_refused_by_its_name(bool hasBuffer)
    {
        var note = new ColumnSchema("note", DataType.Bigint, nullable: false);
        using var files = Files(new());
        if (hasBuffer) files.Gather(Chunk(1, Id, note));
        files.Gather(Chunk(1, Id));

        var error = Assert.Throws<SchemaException>(() => files.TakeRowGroup(0, Table(Id, note)));
        Assert.Equal(("orders", "note"), (error.Table, error.Column));
        Assert.StartsWith("Column 'orders.note' is declared not nullable", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_without_rows_gets_one_empty_file_with_its_columns()
    {
        using var files = Files(new());
        files.EnsureFile(Table(Id));
        files.EnsureFile(Table(Id));
        files.Close();

        Assert.Equal([[]], RowGroups());
        Assert.Empty(Values("id"));
    }

    [Fact]
    public void A_table_with_a_complete_file_gets_no_empty_one()
    {
        using var files = Files(new());
        files.Gather(Chunk(1, Id));
        Write(files, files.TakeRowGroup(0, Table(Id)));
        files.Close();
        files.EnsureFile(Table(Id));
        files.Close();

        Assert.Equal([[1L]], RowGroups());
    }

    [Theory]
    [InlineData(null, ParquetSharp.TimeUnit.Millis)]
    [InlineData(6, ParquetSharp.TimeUnit.Micros)]
    public void Timestamps_have_the_digits_that_the_format_demands(int? digits, ParquetSharp.TimeUnit unit)
    {
        var at = new ColumnSchema("at", DataType.Timestamp);
        using var files = new TableFiles(_package, "orders", RowOrigin.Items, AthenaCapabilities.Default, new())
        {
            Format = TableFormatCapabilities.Plain with { TimestampPrecision = digits },
            FileIds = new(),
            OpenFiles = new(),
        };
        files.EnsureFile(Table(at));
        files.Close();

        using var reader = new ParquetSharp.ParquetFileReader(Assert.Single(_package.Jobs(PackageFolders.NewJobs)));
        Assert.Equal(unit, Assert.IsType<ParquetSharp.TimestampLogicalType>(reader.FileMetaData.Schema.Column(0).LogicalType).TimeUnit);
    }

    private TableFiles Files(JobFileOptions options) =>
        new(_package, "orders", RowOrigin.Items, AthenaCapabilities.Default, options)
        {
            Format = TableFormatCapabilities.Plain,
            FileIds = new(),
            OpenFiles = new(),
        };

    private static TableSchema Table(params ColumnSchema[] columns) => new TableSchema("orders").WithColumns(columns);

    /// <summary>Makes rows whose columns all hold 0, 1, 2, …</summary>
    private TableBuffer Chunk(int rows, params ColumnSchema[] columns)
    {
        var chunk = new TableBuffer("orders", null, _keys);
        foreach (var column in columns)
        {
            var values = (FixedBuffer<long>)chunk.AddColumn(column, AthenaCapabilities.Default).Buffer;
            for (var row = 0; row < rows; row++) values.Append(row, row);
        }

        chunk.AddRows(rows);
        return chunk;
    }

    private TableBuffer Texts(int rows, int length)
    {
        var chunk = new TableBuffer("orders", null, _keys);
        var values = (BytesBuffer)chunk.AddColumn(new("text", DataType.Text), AthenaCapabilities.Default).Buffer;
        for (var row = 0; row < rows; row++) values.Append(row, Encoding.ASCII.GetBytes($"{row}".PadLeft(length)));
        chunk.AddRows(rows);
        return chunk;
    }

    private static void Write(TableFiles files, RowGroupJob group)
    {
        using var encoder = new RowGroupEncoder(new());
        files.Write(encoder.Encode(group.Buffers, group.Batch.Rows), group.FileColumns);
        group.Batch.Release();
    }

    /// <summary>Returns the numbers of rows of the row groups, by file, the largest files first.</summary>
    private IEnumerable<List<long>> RowGroups() =>
        _package.Jobs(PackageFolders.NewJobs).Select(RowGroups).OrderByDescending(groups => groups.Sum());

    private static List<long> RowGroups(string file)
    {
        using var reader = new ParquetSharp.ParquetFileReader(file);
        var rows = new List<long>();
        for (var at = 0; at < reader.FileMetaData.NumRowGroups; at++)
        {
            using var group = reader.RowGroup(at);
            rows.Add(group.MetaData.NumRows);
        }

        return rows;
    }

    private List<string> Values(string column)
    {
        var files = Path.Combine(_package.PathOf(PackageFolders.NewJobs), "*.parquet");
        return Duck.Values($"SELECT coalesce(CAST({column} AS VARCHAR), 'null') FROM '{files}' ORDER BY {column} NULLS FIRST");
    }
}
