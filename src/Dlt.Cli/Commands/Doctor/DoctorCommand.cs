using System.CommandLine;
using Dlt.Aws;

namespace Dlt.Cli.Commands.Doctor;

/// <summary><c>dlt doctor</c>: checks the destination, a line for each check, or prints the IAM policy that it needs.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var dataset = new Option<string?>("--dataset")
        { Description = "The dataset of the pipeline; without it, rights on datasets of any name are checked.", HelpName = "name" };
        var policy = new Option<bool>("--policy") { Description = "Print the least IAM policy of the pipeline instead, as JSON." };
        var local = SharedOptions.Local();
        var destination = SharedOptions.Destination();
        var output = new Option<string>("--output", "-o")
        { Description = "text (a line per check), or json (one object).", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");
        var command = new Command("doctor", "Check logins, bucket, rights and queries of the destination.")
        { dataset, policy, local, destination, output };
        command.Validators.Add(result =>
        {
            if (result.GetValue(policy) && result.GetValue(local))
                result.AddError("The local account needs no policy. Use --policy without --local.");
        });
        command.SetAction((parse, _) => SharedOptions.RunAsync(parse, async stop =>
        {
            if (parse.GetValue(policy))
            {
                var json = await AthenaDoctor.PolicyAsync(
                    parse.GetValue(dataset), destination: parse.GetValue(destination), cancellationToken: stop);
                Console.Out.WriteLine(JsonText.Write(json, pretty: true));
                return;
            }

            var printer = new CheckPrinter(Console.Out, parse.GetValue(output) == "json");
            try
            {
                var configuration = DltConfiguration.Load();
                var results = parse.GetValue(local)
                    ? new LocalChecks(LocalAthena.Open(configuration)).RunAsync(stop)
                    : AthenaDoctor.RunAsync(
                        parse.GetValue(dataset), configuration, parse.GetValue(destination), cancellationToken: stop);
                await foreach (var result in results) printer.Add(result);
            }
            catch (Exception error) when (!stop.IsCancellationRequested)
            {
                printer.Add(new("settings", CheckState.Failed, error.Message));
            }

            printer.End();
            if (printer.Failures > 0) throw new DltException("A check failed; its line says what to do.");
        }));
        return command;
    }
}
