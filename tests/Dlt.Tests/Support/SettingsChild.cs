using System.Globalization;
using System.Text.Json;
using Dlt.Configuration;
using Dlt.Sources;

namespace Dlt.Tests.Support;

/// <summary>
/// A process in which reflection-based JSON is off, as in every app that <c>dotnet run x.cs</c> builds; it prints the settings of the
/// source <c>shop</c>.
/// </summary>
internal static class SettingsChild
{
    public static int Run(string project)
    {
        AppContext.SetSwitch("System.Text.Json.JsonSerializer.IsReflectionEnabledByDefault", false);
        if (JsonSerializer.IsReflectionEnabledByDefault) return 2;
        var settings = new SourceSettings(DltConfiguration.Load(new RunContext(project, Path.Combine(project, "global"), _ => null)),
            "shop");
        string[] values =
        [
            settings.Get<string>("text"), Text(settings.Get<int>("number")), Text(settings.Get<double>("ratio")),
                Text(settings.Get<decimal>("price")), Text(settings.Get<bool>("deep")),
            settings.Get<DateOnly>("day").ToString("O", CultureInfo.InvariantCulture), settings.Get<DateTimeOffset>("since")
                .ToString("O", CultureInfo.InvariantCulture),
            Text(settings.Get<TimeSpan>("span")), settings.Get<Uri>("url").ToString(), Text(settings.Get<Guid>("id")),
            string.Join('|', settings.Get<List<string>>("texts")), string.Join('|', settings.Get<IReadOnlyList<string>>("texts")),
                string.Join('|', settings.Get<int[]>("numbers")),
            string.Join('|', settings.Get<DateOnly[]>("days").Select(d => d.ToString("O", CultureInfo.InvariantCulture))),
                settings.Get<Dictionary<string, string>>("headers")["accept"],
            Text(settings.Get<IReadOnlyDictionary<string, int>>("limits")["b"]),
                string.Join('|', settings.Get<Dictionary<string, List<string>>>("groups")["y"]),
            Text(settings.Get<List<List<int>>>("grid").Count), settings.GetSecret<string>("key"),
                string.Join('|', settings.GetSecret<List<string>>("keys")),
            Text(settings.Get<int?>("number")!.Value), settings.Get("nowhere", "[none]"),
        ];
        Console.WriteLine(string.Join(' ', values));
        return 0;
    }

    private static string Text<T>(T value) where T : notnull => Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
