using System.Text;
using Dlt.Tests.Support;

namespace Dlt.Tests.Sources.Files;

public sealed class CsvTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("9007199254740995")]
    [InlineData("9007199254740993")]
    [InlineData("-9007199254740993")]
    [InlineData("12345678901234567890")]
    [InlineData("-9223372036854775807")]
    public async Task A_whole_number_that_a_double_would_round_makes_its_column_text_and_moves_no_value(string number)
    {
        var account = await LoadAsync($"w,v\n1,1.5\n2,{number}\n3,2.5\n4,\n5,3.5\n");
        Assert.Equal(["1 1.5", $"2 {number}", "3 2.5", "4 ", "5 3.5"], await RowsAsync(account, "w", "v"));
        Assert.Equal([$"1 {number}", "2 1.5"], await RowsAsync(await LoadAsync($"w,v\n1,{number}\n2,1.5\n"), "w", "v"));
    }

    [Fact]
    public async Task Whole_numbers_that_a_double_holds_are_reals_among_reals()
    {
        var account = await LoadAsync("v\n1.5\n9007199254740992\n-7\n");
        Assert.Equal(["-7.0", "1.5", "9.007199254740992E15"], (await RowsAsync(account, "v")).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("tag,n\n#fff,1\nred,2\n#REF!,3\n\"#000\",4\n", "#fff 1", "red 2", "#REF! 3", "#000 4")]
    [InlineData("#,tag,n\n0,1,a\n0,2,b\n", "1 a", "2 b")]
    [InlineData("tag,n\n\0x,1\n\uFFFEy,2\n", "\0x 1", "\uFFFEy 2")]
    [InlineData("tag,n\r#a,1\rb,2", "#a 1", "b 2")]
    [InlineData("tag,n\r\n\"a\r\nb\",1\r\n\"c,d\"\"\",2\r\n", "a\r\nb 1", "c,d\" 2")]
    [InlineData("\uFEFFtag,n\na,1\n", "a 1")]
    [InlineData("tag,n\na\nb,\nc,1,\n", "a ", "b ", "c 1")]
    public async Task Every_line_is_a_row(string content, params string[] rows)
    {
        var account = await LoadAsync(content);
        Assert.Equal(rows, await RowsAsync(account, "tag", "n"));
    }

    [Fact]
    public async Task Lines_of_comments_are_left_out_where_the_options_name_their_character()
    {
        var account = await LoadAsync("; made by x\na;b\n1;2\n", new() { Comment = ';', Delimiter = ';' });
        Assert.Equal(["1 2"], await RowsAsync(account, "a", "b"));
    }

    [Fact]
    public async Task A_field_after_the_sample_that_is_written_otherwise_than_its_columns_type_is_kept_as_it_is()
    {
        var sample = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"{20_000 + i},2024-01-01,1.5,true\n"));
        var account = await LoadAsync("zip,d,r,b\n" + sample
            + "01234,2024-01-02T23:59:59Z,1_0.5,yes\n"
            + "0x1F,2024-01-03,0x10,1\n"
            + "1_000,2024-01-01,inf,TRUE\n"
            + "+5,20240104,1e400,f\n"
            + "7,2024-01-05,2,false\n");
        Assert.Equal(
            [
                [null, "01234", null, "2024-01-02T23:59:59Z", null, "1_0.5", null, "yes"],
                [null, "0x1F", "2024-01-03", null, null, "0x10", null, "1"],
                [null, "1_000", "2024-01-01", null, null, "inf", "true", null],
                [null, "+5", null, "20240104", null, "1e400", null, "f"],
                ["7", null, "2024-01-05", null, "2.0", null, "false", null],
            ],
            (await Some.QueryAsync(account, "SELECT zip, zip__v_text, d, d__v_text, r, r__v_text, b, b__v_text FROM items OFFSET 10000"))
                .Rows);
    }

    [Fact]
    public async Task A_field_of_a_second_file_that_is_written_otherwise_than_its_columns_type_is_kept_as_it_is()
    {
        var account = await LoadAsync("zip,ok,day,price\n12345,true,2024-01-01,1.5\n");
        await LoadAsync("zip,ok,day,price\n01234,yes,2024-01-02T23:59:59Z,1e400\n00501,no,1,2\n", account: account);
        await LoadAsync("zip,ok,day,price\n1.0,1,20240102,9007199254740993\n", account: account);
        Assert.Equal(
            [
                ["12345", null, null, "true", null, null, null, "2024-01-01", null, null, "1.5", null, null],
                [null, "01234", null, null, null, "yes", null, null, "2024-01-02T23:59:59Z", null, null, "1e400", null],
                [null, "00501", null, null, null, "no", null, null, "1", null, "2.0", null, null],
                [null, null, "1.0", null, "1", null, null, null, null, null, null, null, "9007199254740993"],
            ],
            (await Some.QueryAsync(account, """
                SELECT zip, zip__v_text, zip__v_double, ok, ok__v_bigint, ok__v_text, NULL, day, day__v_text, NULL,
                    price, price__v_text, price__v_bigint
                FROM items
                """)).Rows);
    }

    [Fact]
    public async Task A_field_becomes_the_declared_type_of_its_column()
    {
        var hints = new ResourceHints
        {
            Columns = [Column.Decimal("price", 10, 2), Column.Timestamp("moment"), Column.Timestamp("epoch"), Column.Text("zip"),
        Column.Bigint("n")]
        };
        var account = await LoadAsync(
            "price,moment,epoch,zip,n\n12.30,2024-01-02T03:04:05Z,1700000000,01234,1\n7,soon,1700000001,99,x\n", hints: hints);
        Assert.Equal(
            [
                ["12.30", "2024-01-02 03:04:05.000", null, "2023-11-14 22:13:20.000", "01234", "1", null],
                ["7.00", null, "soon", "2023-11-14 22:13:21.000", "99", null, "x"],
            ],
            (await Some.QueryAsync(account, "SELECT price, moment, moment__v_text, epoch, zip, n, n__v_text FROM items ORDER BY 1 DESC"))
                .Rows);
    }

    [Theory]
    [InlineData("Betrag (EUR, netto);Menge\n1;2\n3;4\n", "betrag_eur_nettox menge", "1 2", "3 4")]
    [InlineData("\"Preis (EUR, netto)\";Menge\n\"1;0\";2\n", "preis_eur_nettox menge", "1;0 2")]
    [InlineData("name|note, long\nx|1\ny|2, 3\n", "name note_long", "x 1", "y 2, 3")]
    [InlineData("a\tb, c\n1\t2\n", "a b_c", "1 2")]
    [InlineData("a;b\n1,5;2,5\n1,7;2,6\n", "a b", "1,5 2,5", "1,7 2,6")]
    [InlineData("a,b\n\"x;y;z\",1\n", "a b", "x;y;z 1")]
    [InlineData("a,b\n\"say \"\"a;b\"\"; c\",1\n", "a b", "say \"a;b\"; c 1")]
    [InlineData("sep=;\na;b\n1,0;2\n", "a b", "1,0 2")]
    [InlineData("\"sep=|\"\r\na|b\r\n1|2", "a b", "1 2")]
    public async Task The_delimiter_is_the_one_under_which_rows_have_as_many_fields_as_the_header(
        string content, string columns, params string[] rows)
    {
        var account = await LoadAsync(content);
        Assert.Equal(rows, await RowsAsync(account, columns.Split(' ')));
    }

    [Theory]
    [InlineData("Col A,col_a\n1,2\n", "Columns 'Col A' and 'col_a' of {file} would both be named 'col_a'")]
    [InlineData("x,,column_2\n1,2,3\n", "two columns are named 'column_2'")]
    [InlineData("n\u00e4me,n_me\n1,2\n", "'n\u00e4me' and 'n_me'")]
    public async Task Two_columns_of_one_name_are_an_error_before_anything_is_loaded(string content, string what)
    {
        var error = await Assert.ThrowsAnyAsync<DltException>(() => LoadAsync(content));
        var file = Assert.Single(Directory.GetFiles(_folder.Path, "*.csv"));
        Assert.Contains(what.Replace("{file}", file, StringComparison.Ordinal), error.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing of this run was loaded", error.Message, StringComparison.Ordinal);
        Assert.Null(await Some.Account(_folder).Glue.GetTableAsync("ds", "items", Cancellation));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    public async Task A_file_without_a_header_is_an_error(string content)
    {
        var error = await Assert.ThrowsAnyAsync<DltException>(() => LoadAsync(content));
        Assert.Contains("it is empty; the line of names is missing", error.Message, StringComparison.Ordinal);
        var account = await LoadAsync(content, new() { HasHeader = false });
        Assert.Null(await account.Glue.GetTableAsync("ds", "items", Cancellation));
    }

    [Theory]
    [InlineData(3, "a,b\n1,2\n3,4,5\n")]
    [InlineData(5, "a,b\r\n1,\"x\r\ny\"\r\n\r\n3,4,5\r\n")]
    [InlineData(5, "sep=;\na;\"b\nc\"\n1;2\n3;4;5\n")]
    [InlineData(3, "a,b\r1,2\r3,4,5\r")]
    public async Task A_row_with_more_fields_than_columns_is_an_error_with_its_line(int line, string content)
    {
        var error = await Assert.ThrowsAnyAsync<DltException>(() => LoadAsync(content));
        Assert.Contains($"line {line} has 3 fields, but there are 2 columns", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_not_utf8_are_an_error_with_their_line_and_an_encoding_to_try()
    {
        var path = _folder.File("latin.csv");
        var content = "name\n" + string.Concat(Enumerable.Repeat("x\n", 100_000)) + "caf\u00e9\n";
        await File.WriteAllTextAsync(path, content, Encoding.Latin1, Cancellation);
        var error = await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(Some.Account(_folder))
            .RunAsync(FileResource.Csv("items", path), Cancellation));
        Assert.Contains("line 100002 is not UTF-8", error.Message, StringComparison.Ordinal);
        Assert.Contains("try --encoding windows-1252", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Correct the file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_with_a_header_only_has_no_rows()
    {
        var account = await LoadAsync("a,b\n");
        Assert.Null(await account.Glue.GetTableAsync("ds", "items", Cancellation));
    }

    [Fact]
    public async Task A_line_of_millions_of_characters_is_one_row()
    {
        var account = await LoadAsync($"a,b\n{new string('y', 5_000_000)},1\nz,2\n");
        Assert.Equal(["5000000 1", "1 2"], await RowsAsync(account, "length(a)", "b"));
    }

    [Fact]
    public async Task A_file_of_one_column_keeps_its_empty_lines()
    {
        var account = await LoadAsync("a\n1\n\n3\n");
        Assert.Equal("3", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
    }

    [Theory]
    [InlineData("a,b\n1,2\n\n")]
    [InlineData("a,b\n\n\n1,2\n\n\n")]
    [InlineData("\r\n\r\na,b\r\n\r\n1,2\r\n")]
    public async Task A_blank_line_among_rows_of_several_fields_is_not_a_row(string content) =>
        Assert.Equal(["1 2"], await RowsAsync(await LoadAsync(content), "a", "b"));

    [Theory]
    [InlineData("a,b,c\n1,\"x\" ,2\n3,y,4\n")]
    [InlineData("a,b,c\n1,\"x\"y,2\n")]
    [InlineData("a,b,c\n1,\"x,2\n")]
    public async Task A_field_that_does_not_end_with_its_quote_is_an_error_with_its_place(string content)
    {
        var error = await Assert.ThrowsAnyAsync<DltException>(() => LoadAsync(content));
        Assert.Contains(
            "line 2, field 2: it has text after its closing quote, or no closing quote", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Blank_lines_count_as_lines_of_the_file()
    {
        var error = await Assert.ThrowsAnyAsync<DltException>(() => LoadAsync("\n\na,b\n\n1,2,3\n"));
        Assert.Contains("line 5 has 3 fields, but there are 2 columns", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_column_declared_as_text_gets_the_fields_as_they_are_written()
    {
        var hints = new ResourceHints { Columns = [Column.Text("Version"), Column.Text("code"), Column.Text("flag")] };
        var account = await LoadAsync("Version,code,flag,n\n1.10,1E5,TRUE,1.50\n1.0,2E3,False,2\n", hints: hints);
        Assert.Equal(["1.10 1E5 TRUE 1.5", "1.0 2E3 False 2.0"], await RowsAsync(account, "version", "code", "flag", "n"));
    }

    [Fact]
    public async Task A_column_that_is_text_in_the_table_gets_the_fields_of_later_files_as_they_are_written()
    {
        var account = await LoadAsync("k\nabc\n");
        foreach (var field in new[] { "1.10", "TRUE", "1E5" }) await LoadAsync($"k\n{field}\n", account: account);
        Assert.Equal(["1.10", "1E5", "TRUE", "abc"], (await RowsAsync(account, "k")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_column_of_decimals_gets_all_digits()
    {
        var hints = new ResourceHints { Columns = [Column.Decimal("k", 38, 9)] };
        var account = await LoadAsync("k\n9999999999999999999.999999999\n883406386745030.3\n", hints: hints);
        await LoadAsync("k\n0.123456789\n12345678901234567890.5\n", account: account);
        Assert.Equal(
            ["0.123456789", "12345678901234567890.500000000", "883406386745030.300000000", "9999999999999999999.999999999"],
            (await RowsAsync(account, "k")).Order(StringComparer.Ordinal));
    }

    private async Task<LocalAthena> LoadAsync(
        string content, CsvOptions? options = null, ResourceHints? hints = null, LocalAthena? account = null)
    {
        var path = _folder.File(Guid.NewGuid().ToString("n") + ".csv");
        await File.WriteAllTextAsync(path, content, new UTF8Encoding(false), Cancellation);
        account ??= new LocalAthena(_folder.File("account" + Guid.NewGuid().ToString("n")));
        await Some.Pipeline(account).RunAsync(FileResource.Csv("items", path, hints, options), Cancellation);
        return account;
    }

    private static async Task<IEnumerable<string>> RowsAsync(LocalAthena account, params string[] columns) =>
        (await Some.QueryAsync(account, $"SELECT {string.Join(", ", columns)} FROM items")).Rows.Select(r => string.Join(' ', r));
}
