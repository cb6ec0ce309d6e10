using Microsoft.OpenApi;

namespace DoSnapshot.Api;

/// <summary>The description of the API for programs, by OpenAPI, at <c>/openapi/v1.json</c>.</summary>
internal static class ApiDescription
{
    private const string SchemeId = "bearer";

    private static readonly int[] OfAll =
        [StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status406NotAcceptable, StatusCodes.Status503ServiceUnavailable];

    private static readonly int[] OfCommands =
        [StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status422UnprocessableEntity];

    private static readonly Dictionary<string, OpenApiMediaType> NoContent = new(StringComparer.Ordinal);

    /// <summary>Adds what makes it.</summary>
    public static void AddApiDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "DoSnapshotPlatform",
                Version = "v1",
                Description = "Questions to the log of droplets' snapshots, and commands to it. Viewers may ask; operators may ask and command.",
            };
            // Where it is reached is not for the process to say: there may be a proxy before it.
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
            {
                [SchemeId] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = SchemeId, Description = "A caller's token, of a viewer or an operator." },
            };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(SchemeId, document)] = [] }];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, _, _) =>
        {
            // A text is a text, whatever the same answer is as JSON.
            foreach (var content in operation.Responses!.Values.SelectMany(r => r.Content ?? NoContent)
                .Where(c => c.Key.StartsWith("text/", StringComparison.Ordinal)))
            {
                content.Value.Schema = new OpenApiSchema { Type = JsonSchemaType.String };
            }

            return Task.CompletedTask;
        });
    });

    /// <summary>A question: it is answered in one of these forms, the first unless another is asked for.</summary>
    /// <typeparam name="T">The shape of the answer as JSON.</typeparam>
    public static RouteHandlerBuilder AnswersIn<T>(this RouteHandlerBuilder route, params string[] forms) =>
        route.WithTags("questions").Produces<T>(StatusCodes.Status200OK, forms[0], forms[1..]).Refuses(OfAll);

    /// <summary>A command: it is carried out, once only with a key, or there is a problem.</summary>
    public static void Commands(this RouteHandlerBuilder route, string name, string summary) => route
        .WithName(name).WithSummary(summary).WithTags("commands")
        .Produces<CommandAccepted>(StatusCodes.Status202Accepted, Form.Json, Form.Text)
        .Refuses([.. OfCommands, .. OfAll])
        .AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = CommandRun.KeyHeader,
                In = ParameterLocation.Header,
                Description = "A name that the caller gives this command: repeated within a day, it is done once and answered the same.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = CommandRun.LongestKey },
            });
            return Task.CompletedTask;
        });

    /// <summary>What it may be refused with: problems by RFC 9457, those of a field with each field's mistakes.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params int[] statuses)
    {
        foreach (var status in statuses)
        {
            _ = status == StatusCodes.Status400BadRequest ? route.ProducesValidationProblem() : route.ProducesProblem(status);
        }

        return route;
    }
}
