namespace Dlt.Tests.Sources.Files;

public class InputFormatTests
{
    [Fact]
    public void A_format_is_found_by_its_name_in_any_case() => Assert.Equal("csv", InputFormat.Named("CSV").Name);

    [Fact]
    public void An_unknown_name_is_refused_with_the_names_there_are()
    {
        var error = Assert.Throws<ArgumentException>(() => InputFormat.Named("xml"));
        var expected = "There is no input format 'xml'. Name one of json, csv, parquet or arrow.";
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_and_endings_belong_to_one_format()
    {
        Assert.Distinct(InputFormat.All.Select(f => f.Name));
        Assert.Distinct(InputFormat.All.SelectMany(f => f.Endings));
    }
}
