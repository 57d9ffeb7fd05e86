using Dlt.Lake;
using Dlt.Tests.Support;

namespace Dlt.Tests.LocalAccount.Engine;

/// <summary>SQL of the local Athena reads only the tables of its account, and changes nothing.</summary>
public sealed class LockedSqlTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly LocalAthena _account;

    public LockedSqlTests() => _account = Some.Account(_folder);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("SELECT content FROM read_text('{secret}')")]
    [InlineData("SELECT * FROM read_blob('{secret}')")]
    [InlineData("SELECT * FROM read_csv('{secret}')")]
    [InlineData("SELECT * FROM read_csv_auto('{secret}')")]
    [InlineData("SELECT * FROM read_json('{secret}')")]
    [InlineData("SELECT * FROM sniff_csv('{secret}')")]
    [InlineData("SELECT * FROM parquet_metadata('{secret}')")]
    [InlineData("SELECT * FROM read_duckdb('{secret}')")]
    [InlineData("SELECT * FROM glob('{folder}/*')")]
    [InlineData("SELECT * FROM '{secret}'")]
    [InlineData("FROM '{secret}'")]
    [InlineData("DESCRIBE '{secret}'")]
    [InlineData("SUMMARIZE '{secret}'")]
    [InlineData("SELECT * FROM \"{folder}/secret\".\"csv\"")]
    [InlineData("SELECT * FROM '../secret.csv'")]
    [InlineData("SELECT * FROM query('SELECT content FROM read_text(''{secret}'')')")]
    [InlineData("SELECT * FROM query_table('{secret}')")]
    [InlineData("SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT content FROM read_text(''{secret}'')'))")]
    [InlineData("WITH a AS (SELECT * FROM read_text('{secret}')) SELECT * FROM a")]
    [InlineData("SELECT (SELECT content FROM read_text('{secret}'))")]
    [InlineData("SELECT 1 WHERE EXISTS (SELECT 1 FROM items WHERE id IN (SELECT size FROM read_text('{secret}')))")]
    [InlineData("SELECT * FROM items, LATERAL (SELECT content FROM read_text('{secret}'))")]
    [InlineData("EXPLAIN SELECT * FROM read_csv('{secret}')")]
    [InlineData("EXPLAIN ANALYZE SELECT * FROM read_csv('{secret}')")]
    [InlineData("SELECT * FROM read_parquet('{account}/s3/lake/ds/items/*.parquet')")]
    [InlineData("SELECT * FROM read_text('{account}/glue.db')")]
    [InlineData("SELECT * FROM duckdb_secrets()")]
    [InlineData("SELECT * FROM duckdb_settings()")]
    [InlineData("SELECT * FROM arrow_scan(1, 2, 3)")]
    [InlineData("SELECT * FROM enable_logging(storage_path = '{folder}/logs')")]
    [InlineData("SELECT * FROM \"system\".main.read_text('{secret}')")]
    [InlineData("SELECT getenv('HOME')")]
    [InlineData("SELECT current_setting('temp_directory')")]
    public async Task No_query_reaches_a_file_by_its_path(string sql)
    {
        await LoadAsync();
        _folder.Write("secret.csv", "HUSH\nHUSH");
        var before = Files();
        var error = await Assert.ThrowsAsync<AthenaQueryException>(() => Some.QueryAsync(_account, Filled(sql)));
        Assert.Contains(error.ErrorName, new[] { "FUNCTION_NOT_FOUND", "TABLE_NOT_FOUND" });
        Assert.DoesNotContain("HUSH", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, Files());
    }

    [Theory]
    [InlineData("CREATE TABLE", "CREATE TABLE copied AS SELECT 1 AS a")]
    [InlineData("CREATE TABLE", "CREATE EXTERNAL TABLE t (a int) LOCATION 's3://lake/t/'")]
    [InlineData("CREATE TABLE", "create or replace temp table t (a int)")]
    [InlineData("CREATE VIEW", "CREATE OR REPLACE VIEW v AS SELECT 1 AS a")]
    [InlineData("CREATE SCHEMA", "CREATE SCHEMA s")]
    [InlineData("CREATE SECRET", "CREATE PERSISTENT SECRET s (TYPE s3)")]
    [InlineData("CREATE MACRO", "CREATE MACRO f(a) AS TABLE SELECT * FROM read_text(a)")]
    [InlineData("DROP TABLE", "DROP TABLE items")]
    [InlineData("ALTER TABLE", "ALTER TABLE items ADD COLUMNS (b int)")]
    [InlineData("INSERT", "INSERT INTO items VALUES (1)")]
    [InlineData("UPDATE", "UPDATE items SET id = 2")]
    [InlineData("DELETE", "DELETE FROM items")]
    [InlineData("MERGE", "MERGE INTO items USING items AS s ON items.id = s.id WHEN MATCHED THEN DELETE")]
    [InlineData("COPY", "COPY (SELECT 1) TO '{folder}/written.csv'")]
    [InlineData("COPY", "COPY items FROM '{secret}'")]
    [InlineData("UNLOAD", "UNLOAD (SELECT 1) TO 's3://lake/x/' WITH (format = 'PARQUET')")]
    [InlineData("EXPORT", "EXPORT DATABASE '{folder}/written'")]
    [InlineData("IMPORT", "IMPORT DATABASE '{folder}'")]
    [InlineData("ATTACH", "ATTACH '{folder}/written.db' AS other")]
    [InlineData("ATTACH", "ATTACH ':memory:' AS other")]
    [InlineData("DETACH", "DETACH awsdatacatalog")]
    [InlineData("USE", "USE memory")]
    [InlineData("SET", "SET lock_configuration = false")]
    [InlineData("SET", "SET enable_external_access = true")]
    [InlineData("RESET", "RESET enable_external_access")]
    [InlineData("PRAGMA", "PRAGMA temp_directory = '{folder}'")]
    [InlineData("INSTALL", "INSTALL httpfs")]
    [InlineData("LOAD", "LOAD '{folder}/written.duckdb_extension'")]
    [InlineData("FORCE", "FORCE INSTALL httpfs")]
    [InlineData("CALL", "CALL enable_logging(storage_path = '{folder}/logs')")]
    [InlineData("CHECKPOINT", "CHECKPOINT")]
    [InlineData("PREPARE", "PREPARE p AS SELECT 1")]
    [InlineData("EXECUTE", "EXECUTE p")]
    [InlineData("BEGIN", "BEGIN TRANSACTION")]
    [InlineData("VACUUM", "VACUUM items")]
    [InlineData("OPTIMIZE", "OPTIMIZE items REWRITE DATA USING BIN_PACK")]
    [InlineData("MSCK", "MSCK REPAIR TABLE items")]
    [InlineData("COPY", "-- SELECT\n/* SELECT /* nested */ 1 */ COPY (SELECT 1) TO '{folder}/written.csv'")]
    [InlineData("COPY", "EXPLAIN ANALYZE COPY (SELECT 1) TO '{folder}/written.csv'")]
    [InlineData("COPY", "EXPLAIN /* /* */ SELECT 1 --*/ ANALYZE\nCOPY (SELECT 1) TO '{folder}/written.csv'")]
    [InlineData("INSERT", "EXPLAIN INSERT INTO items VALUES (1)")]
    public async Task A_statement_that_would_write_is_refused_by_its_name(string name, string sql)
    {
        await LoadAsync();
        var before = Files();
        var error = await Assert.ThrowsAsync<AthenaQueryException>(() => Some.QueryAsync(_account, Filled(sql)));
        Assert.Equal("NOT_SUPPORTED", error.ErrorName);
        Assert.Contains($": {name} is not supported by the local Athena", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Files());
        Assert.Equal("1", await Some.ValueAsync(_account, "SELECT count(*) FROM items"));
    }

    [Theory]
    [InlineData("SELECT 1; COPY (SELECT 1) TO '{folder}/written.csv'", "NOT_SUPPORTED")]
    [InlineData("SELECT 1; SELECT 2", "InvalidRequestException")]
    [InlineData("EXPLAIN SELECT 1; SELECT 2", "InvalidRequestException")]
    [InlineData("SELECT 1; EXPLAIN ANALYZE COPY (SELECT 1) TO '{folder}/written.csv'", "NOT_SUPPORTED")]
    [InlineData("", "InvalidRequestException")]
    [InlineData(" ; -- nothing", "InvalidRequestException")]
    [InlineData("SELECT 1\0; COPY (SELECT 1) TO '{folder}/written.csv'", "SYNTAX_ERROR")]
    public async Task One_statement_is_run_at_a_time(string sql, string error)
    {
        await LoadAsync();
        Assert.Equal(error, (await Assert.ThrowsAsync<AthenaQueryException>(() => Some.QueryAsync(_account, Filled(sql)))).ErrorName);
        Assert.False(File.Exists(_folder.File("written.csv")));
    }

    [Theory]
    [InlineData("SELECT id FROM items;", "7")]
    [InlineData("/* a; b */ SELECT id -- c; d\nFROM items -- ';'", "7")]
    [InlineData("WITH a AS (SELECT id FROM items) SELECT * FROM a", "7")]
    [InlineData("VALUES (1), (2)", "1,2")]
    [InlineData("TABLE items", null)]
    [InlineData("(SELECT id FROM items) UNION ALL (SELECT 8) ORDER BY 1", "7,8")]
    [InlineData("SELECT ';COPY' || ' x'", ";COPY x")]
    [InlineData("SELECT n FROM unnest(ARRAY[1, 2]) AS t (n)", "1,2")]
    [InlineData("SELECT \"type\" FROM (SELECT 'TABLE_FUNCTION' AS \"type\", 'read_text' AS function_name)", "TABLE_FUNCTION")]
    [InlineData("SHOW TABLES", null)]
    [InlineData("DESCRIBE items", null)]
    [InlineData("EXPLAIN SELECT id FROM items", null)]
    [InlineData("explain /* how */ analyze SELECT id FROM items", null)]
    [InlineData("EXPLAIN (FORMAT JSON) SELECT id FROM items", null)]
    [InlineData("SELECT id FROM awsdatacatalog.ds.items", "7")]
    public async Task Statements_that_read_are_run(string sql, string? values)
    {
        await LoadAsync();
        var rows = (await Some.QueryAsync(_account, sql)).Rows;
        Assert.NotEmpty(rows);
        if (values is not null) Assert.Equal(values, string.Join(',', rows.Select(r => r[0])));
    }

    [Theory]
    [InlineData("decimal(10,2)) AS x, (SELECT content FROM read_text('/etc/hosts')")]
    [InlineData("decimal")]
    [InlineData("decimal(10, 2)")]
    public async Task A_type_of_the_catalog_never_becomes_SQL(string type)
    {
        await LoadAsync();
        var items = (await _account.Glue.GetTableAsync("ds", "items", Cancellation))!.Definition;
        await _account.Glue.CreateTableAsync("ds",
            items with { Name = "odd", StorageDescriptor = items.StorageDescriptor! with { Columns = [new("id", type)] } }, Cancellation);
        if (type.Contains("read_text", StringComparison.Ordinal))
            Assert.Contains("is not a type",
                (await Assert.ThrowsAnyAsync<DltException>(() => Some.QueryAsync(_account, "SELECT * FROM odd"))).Message,
                StringComparison.Ordinal);
        else Assert.StartsWith("7", await Some.ValueAsync(_account, "SELECT id FROM odd"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("decimal(50,2)", "a number from 1 to 38, at character 9")]
    [InlineData("decimal(2,3)", "a number from 0 to 2, at character 11")]
    [InlineData("decimal(0)", "a number from 1 to 38")]
    [InlineData("struct<a:int,A:int>", "the field 'a' twice")]
    [InlineData("struct<a>", "':' is missing, at character 9")]
    [InlineData("struct<>", "the name of a field is missing")]
    [InlineData("struct<:int>", "the name of a field is missing")]
    [InlineData("array<int", "'>' is missing")]
    [InlineData("array<array<int>", "'>' is missing")]
    [InlineData("array<int>>", "text after the end")]
    [InlineData("array<int,int>", "'>' is missing")]
    [InlineData("map<int>", "',' is missing")]
    [InlineData("uniontype<int,string>", "no type 'uniontype'")]
    [InlineData("interval", "no type 'interval'")]
    [InlineData("", "a type is missing")]
    [InlineData(null, "deeper than 64")]
    public async Task A_table_with_an_odd_type_hinders_only_the_queries_that_read_it(string? type, string why)
    {
        await LoadAsync();
        type ??= $"{string.Concat(Enumerable.Repeat("array<", 20_000))}int{new string('>', 20_000)}";
        var items = (await _account.Glue.GetTableAsync("ds", "items", Cancellation))!.Definition;
        foreach (var name in new[] { "odd", "i" })
        {
            var storage = items.StorageDescriptor! with { Columns = [new("id", type)] };
            await _account.Glue.CreateTableAsync("ds", items with { Name = name, StorageDescriptor = storage }, Cancellation);
        }

        Assert.Equal("1", await Some.ValueAsync(_account, "SELECT count(*) FROM items"));   // its name contains the name of the table 'i'
        Assert.Equal("1", await Some.ValueAsync(_account, "WITH odd AS (SELECT * FROM items) SELECT count(*) FROM odd"));
        foreach (var sql in new[] { "SELECT * FROM odd", "SELECT * FROM ds.ODD", "DESCRIBE odd", "SELECT 1 FROM items JOIN \"odd\" "
            + "USING (id)" })
        {
            var error = await Assert.ThrowsAsync<AthenaQueryException>(() => Some.QueryAsync(_account, sql));
            Assert.Equal("HIVE_INVALID_METADATA", error.ErrorName);
            Assert.Contains("Column 'id' of table 'ds.odd'", error.Message, StringComparison.Ordinal);
            Assert.Contains(why, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory, InlineData("nowhere"), InlineData("hdfs://host/folder"), InlineData("s3://lake/a/../b")]
    public async Task A_table_with_an_odd_location_hinders_only_the_queries_that_read_it(string location)
    {
        await LoadAsync();
        var items = (await _account.Glue.GetTableAsync("ds", "items", Cancellation))!.Definition;
        var storage = items.StorageDescriptor! with { Location = location };
        await _account.Glue.CreateTableAsync("ds", items with { Name = "i", StorageDescriptor = storage }, Cancellation);
        Assert.Equal("1", await Some.ValueAsync(_account, "SELECT count(*) FROM items"));
        await Assert.ThrowsAnyAsync<DltException>(() => Some.QueryAsync(_account, "SELECT * FROM i"));
    }

    [Theory, InlineData("items"), InlineData("frozen")]
    public async Task A_link_that_leads_out_of_the_account_is_not_followed(string table)
    {
        await LoadAsync();
        var folder = Path.Combine(_account.Folder, "s3", "lake", "ds", table);
        var file = Directory.GetFiles(folder, "*.parquet", SearchOption.AllDirectories).Single();
        var outside = _folder.File("outside.parquet");
        File.Move(file, outside);
        File.CreateSymbolicLink(file, outside);
        Assert.Contains("symbolic link",
            (await Assert.ThrowsAnyAsync<DltException>(() => Some.QueryAsync(_account, $"SELECT * FROM {table}"))).Message,
            StringComparison.Ordinal);

        File.Delete(file);
        File.Move(outside, file);
        Directory.Move(folder, _folder.File("elsewhere"));
        Directory.CreateSymbolicLink(folder, _folder.File("elsewhere"));
        Assert.Contains("symbolic link",
            (await Assert.ThrowsAnyAsync<DltException>(() => Some.QueryAsync(_account, $"SELECT * FROM {table}"))).Message,
            StringComparison.Ordinal);
    }

    [Theory, InlineData("pg_catalog.pg_settings"), InlineData("duckdb_settings"), InlineData("sqlite_master")]
    public async Task Tables_of_the_engine_are_not_shown(string table)
    {
        await LoadAsync();
        await Assert.ThrowsAsync<AthenaQueryException>(() => Some.QueryAsync(_account, $"SELECT * FROM {table}"));
    }

    [Theory, InlineData("99999999999999999999999999999999999999", 38, 0), InlineData("-9999999999999999999999999999999999.1230", 38, 4),
        InlineData("-0.05", 3, 2), InlineData("7.00", 9, 2)]
    public async Task Decimals_are_printed_with_all_their_digits(string text, int precision, int scale)
    {
        await LoadAsync();
        Assert.Equal(text, await Some.ValueAsync(_account, $"SELECT CAST('{text}' AS decimal({precision},{scale}))"));
    }

    [Fact]
    public async Task A_query_leaves_no_file_behind_even_where_it_outgrows_the_memory()
    {
        await LoadAsync();
        var before = Files();
        await Some.QueryAsync(_account, "SELECT count(*) FROM items");
        await Some.QueryAsync(_account, "SELECT count(*) FROM frozen");
        await Assert.ThrowsAsync<AthenaQueryException>(() => Some.QueryAsync(_account, "SELECT CAST('x' AS integer) FROM items"));
        Assert.Equal(before, Files());
    }

    [Fact]
    public async Task Partition_keys_of_a_table_of_another_writer_come_from_the_path()
    {
        await PartedAsync(
            ("dt=2024-01-01/part=a%20b", "SELECT 1::BIGINT AS id"),
            ("DT=2024-01-02/part=__HIVE_DEFAULT_PARTITION__", "SELECT 2::BIGINT AS id"),
            ("dt=2024-01-02/part=x", "SELECT 3::BIGINT AS id, 'in the file' AS part, 'extra' AS path"));
        Assert.Equal(
            [["1", "2024-01-01", "a b"], ["2", "2024-01-02", null], ["3", "2024-01-02", "x"]],
            (await Some.QueryAsync(_account, "SELECT id, dt, part FROM parted ORDER BY id")).Rows);
        const string ofDay = "SELECT id FROM parted WHERE dt = DATE '2024-01-02' ORDER BY id";
        Assert.Equal([["2"], ["3"]], (await Some.QueryAsync(_account, ofDay)).Rows);
        Assert.Equal("1", await Some.ValueAsync(_account, "SELECT count(*) FROM parted WHERE part IS NULL"));
    }

    [Fact]
    public async Task A_file_outside_every_partition_is_named()
    {
        await PartedAsync(("dt=2024-01-01/part=a", "SELECT 1::BIGINT AS id"), ("dt=2024-01-01", "SELECT 2::BIGINT AS id"));
        var error = await Assert.ThrowsAnyAsync<DltException>(() => Some.QueryAsync(_account, "SELECT * FROM parted"));
        Assert.Contains("'part'", error.Message, StringComparison.Ordinal);
        Assert.Contains("s3://lake/ds/parted/dt=2024-01-01/", error.Message, StringComparison.Ordinal);
    }

    private async Task PartedAsync(params (string Folder, string Sql)[] files)
    {
        await LoadAsync();
        foreach (var (folder, sql) in files)
        {
            var path = Directory.CreateDirectory(Path.Combine([_account.Folder, "s3", "lake", "ds", "parted", .. folder.Split('/')]))
                .FullName;
            Duck.Execute($"COPY ({sql}) TO '{path}/{Guid.NewGuid():N}.parquet' (FORMAT PARQUET)");
        }

        var items = (await _account.Glue.GetTableAsync("ds", "items", Cancellation))!.Definition;
        await _account.Glue.CreateTableAsync(
            "ds",
            items with
            {
                Name = "parted",
                Parameters = items.Parameters!.SetItem("projection.enabled", "true"),
                PartitionKeys = [new("dt", "date"), new("part", "string")],
                StorageDescriptor = items.StorageDescriptor! with { Location = "s3://lake/ds/parted/", Columns = [new("id", "bigint")] },
            },
            Cancellation);
    }

    private async Task LoadAsync()
    {
        var hints = new ResourceHints { TableFormat = TableFormat.Iceberg };
        await Some.Pipeline(_account).RunAsync(
            [Some.Resource("items", """{"id":7}"""), Some.Resource("frozen", hints, """{"id":8}""")],
            Cancellation);
    }

    private string Filled(string sql) => sql
        .Replace("{secret}", _folder.File("secret.csv"), StringComparison.Ordinal)
        .Replace("{folder}", _folder.Path, StringComparison.Ordinal).Replace("{account}", _account.Folder, StringComparison.Ordinal);

    private string[] Files() =>
        [.. Directory.GetFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
