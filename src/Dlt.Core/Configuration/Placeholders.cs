namespace Dlt.Configuration;

/// <summary>Values of project templates that were never filled in.</summary>
internal static class Placeholders
{
    public static bool IsPlaceholder(string value) =>
        value is "<configure me>" || value.StartsWith("please set me up", StringComparison.OrdinalIgnoreCase)
        || (value.StartsWith("s3://[", StringComparison.Ordinal) && value.Contains(']', StringComparison.Ordinal));

    public static ConfigurationException Error(string file, string key, string value) => new(
        $"{file}: '{key}' still reads '{value}'. Nothing was run and nothing was written.\n"
        + "  - Put the real value there to load into AWS, or\n"
        + "  - add --local to run without an AWS account, in the folder .dlt-local.")
    { File = file, Fields = [key] };
}
