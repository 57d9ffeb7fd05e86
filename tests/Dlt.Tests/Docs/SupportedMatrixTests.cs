using Dlt.Iceberg;
using Dlt.Parquet.Reading;
using Dlt.Tests.Support;

namespace Dlt.Tests.Docs;

/// <summary>docs/iceberg.md agrees with the code on every type.</summary>
public sealed class SupportedMatrixTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string, string> Types
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var line in File.ReadLines(Path.Combine(Tool.Repository, "docs", "iceberg.md")))
                if (line.Split('|') is [_, var type, _, var written, _] && type.Trim() is ['`', .., '`'] name
                    && !name.StartsWith("`struct", StringComparison.Ordinal)) data.Add(name.Trim('`'), written.Trim());
            return data;
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_primitive_type_is_in_the_matrix() =>
        Assert.Equal(Enum.GetValues<PrimitiveKind>().Order(), Types.Select(t => PrimitiveType.Parse((string)t.Data.Item1).Kind)
            .Distinct().Order());

    [Theory, MemberData(nameof(Types))]
    public async Task The_matrix_agrees_with_the_code_on_writing_types(string type, string written)
    {
        var schema = new Schema([new(1, "c", PrimitiveType.Parse(type))]);
        var own = await WritesAsync(new FolderCatalog(_folder.File("own")), schema);
        var library = await WritesAsync(
            new FolderCatalog(_folder.File("library")) { DataFileReader = new ParquetDataFileReader() }, schema);
        var how = (own, library) switch { (true, true) => "yes", (false, true) => "with Dlt.Parquet.Reading", _ => "no" };
        Assert.Equal(written, PrimitiveType.Parse(type).NeedsVersion3 ? how + " (version 3)" : how);
    }

    private static async Task<bool> WritesAsync(FolderCatalog catalog, Schema schema)
    {
        try
        {
            var version = schema.Fields[0].Type is PrimitiveType { NeedsVersion3: true } ? "3" : "2";
            var properties = new Dictionary<string, string> { ["format-version"] = version };
            var table = await catalog.CreateTableAsync(new("db", "t"), schema, properties: properties, cancellationToken: Cancellation);
            await using var writer = new DataFileWriter(table);
            await writer.AddAsync([null], Cancellation);
            table = await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
            var rows = 0;
            await foreach (var row in table.Scan().ReadRowsAsync(Cancellation)) rows += row[0] is null ? 1 : 0;
            return rows == 1;
        }
        catch (IcebergException error) when (error.Error is IcebergError.Unsupported or IcebergError.Illegal)
        {
            return false;
        }
    }
}
